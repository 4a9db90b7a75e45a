"""Each known trap of Authlib 1.9.9, held shut. The numbers are those of the project's list."""

import os
from datetime import timedelta
from typing import Any

import pytest
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import KeySet
from sqlalchemy import inspect

from config import InvalidSettings, Settings
from idp import clock, create_app
from idp.extensions import db
from idp.oauth import keys
from idp.oauth.models import AuthorizationCode, Client, RefreshToken
from tests.browsing import sign_in_as
from tests.conftest import SETTINGS
from tests.factories.accounts import an_account
from tests.factories.oauth import SECRET, a_client, a_resource_server
from tests.factories.registry import an_installation
from tests.oauth import flow, pushing, signing
from tests.oauth.clients.signing import KEYS, proof_of
from tests.together import in_browsers


def test_1_an_access_token_lives_five_minutes_and_is_for_a_resource_not_for_the_client(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_client(resources=("https://api.example",))
    answer = flow.tokens_for(client, application)
    claims = flow.claims_of(answer["access_token"])
    assert answer["expires_in"] == claims["exp"] - claims["iat"] == 300
    assert claims["aud"] == "https://api.example"


def test_2_no_client_skips_pkce_and_nobody_uses_plain(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    without = {"code_challenge": None, "code_challenge_method": None}
    for changes in (
        without,
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge": "too-short"},
    ):
        refused = flow.answered(flow.authorize(client, application, **changes))
        assert refused["error"] == "invalid_request", changes


def test_2_a_code_got_with_a_challenge_needs_its_verifier(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    code = flow.code_for(client, application)
    wrong = flow.exchange(client, application, code, code_verifier="w" * 43)
    assert (wrong.status_code, wrong.get_json()["error"]) == (400, "invalid_grant")
    missing = flow.exchange(client, application, code, code_verifier="")
    assert missing.get_json()["error"] == "invalid_request"
    assert flow.exchange(client, application, code).status_code == 200


def test_3_a_refreshed_id_token_keeps_the_sign_in_it_came_from(client: FlaskClient) -> None:
    earlier = clock.now() - timedelta(minutes=7)
    session = sign_in_as(client, an_account(), authenticated_at=earlier)
    application = a_client()
    answer = flow.tokens_for(client, application)
    before = flow.claims_of(answer["id_token"])
    again = flow.refresh(client, application, answer["refresh_token"]).get_json()
    after = flow.claims_of(again["id_token"])
    assert before["auth_time"] == after["auth_time"] == int(earlier.timestamp())
    assert before["sid"] == after["sid"] == session.public_id
    for name in ("iss", "sub", "aud", "acr", "amr"):
        assert before[name] == after[name]
    assert "nonce" not in after


def test_3_max_age_and_prompt_are_obeyed(client: FlaskClient) -> None:
    sign_in_as(client, an_account(), authenticated_at=clock.now() - timedelta(minutes=7))
    application = a_client(first_party=True)
    assert "code" in flow.answered(flow.authorize(client, application, max_age="600"))
    for changes in ({"max_age": "60"}, {"max_age": "0"}, {"prompt": "login"}):
        again = flow.authorize(client, application, **changes)
        assert again.headers["Location"].startswith("/login?next="), changes
    silent = flow.authorize(client, application, max_age="60", prompt="none")
    assert flow.answered(silent)["error"] == "login_required"
    for prompt in ("none login", "dance", "none none2"):
        refused = flow.answered(flow.authorize(client, application, prompt=prompt))
        assert refused["error"] == "invalid_request", prompt


def test_4_an_error_that_goes_back_to_the_client_names_its_issuer(client: FlaskClient) -> None:
    refused = flow.answered(flow.authorize(client, a_client(), response_type="token"))
    assert refused["error"] == "unsupported_response_type"
    assert refused["iss"] == flow.ISSUER
    assert refused["state"] == "a state"


def test_5_a_token_without_its_type_or_of_another_type_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    answer = flow.tokens_for(client, a_client())
    good = flow.claims_of(answer["access_token"])
    for kind in ("", "JWT", "id+jwt"):
        forged = keys.sign(good, algorithm="ES256", kind=kind)
        assert flow.userinfo(client, forged).status_code == 401
    assert flow.userinfo(client, answer["id_token"]).status_code == 401
    assert flow.userinfo(client, answer["access_token"]).status_code == 200


def test_5_authlibs_validator_can_read_our_tokens(client: FlaskClient) -> None:
    class Validator(JWTBearerTokenValidator):  # type: ignore[misc]
        def get_jwks(self) -> Any:
            return KeySet.import_key_set(client.get("/oauth/jwks").get_json())

    application = a_client(resources=("https://api.example",))
    answer = flow.ask_token(client, application, grant_type="client_credentials").get_json()
    validator = Validator(issuer=flow.ISSUER, resource_server="https://api.example")
    token = validator.authenticate_token(answer["access_token"])
    validator.validate_token(token, [], None)
    assert token["client_id"] == application.client_id


def test_6_introspection_and_userinfo_know_a_revoked_access_token(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, api = a_client(), a_resource_server()
    token = flow.tokens_for(client, application)["access_token"]
    revoked = client.post("/oauth/revoke", data={"token": token}, headers=flow.basic(application))
    assert revoked.status_code == 200
    assert flow.introspect(client, api, token) == {"active": False}
    assert flow.userinfo(client, token).status_code == 401


def test_7_the_database_holds_no_secret_that_works(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    code = flow.code_for(client, application)
    answer = flow.exchange(client, application, code).get_json()
    kept = repr(
        [
            [getattr(row, column.key) for column in inspect(model).columns]
            for model in (Client, AuthorizationCode, RefreshToken)
            for row in db.session.scalars(db.select(model))
            if not isinstance(row, Client) or row.client_id == application.client_id
        ]
    )
    for secret in (SECRET, code, answer["refresh_token"], answer["access_token"]):
        assert secret not in kept


def test_8_of_two_uses_of_a_code_at_once_one_succeeds_and_its_tokens_end(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        browser = committed_app.test_client()
        sign_in_as(browser, an_account())
        application, api = a_client(), a_resource_server()
        code = flow.code_for(browser, application)
    answers = in_browsers(committed_app, 4, lambda each: flow.exchange(each, application, code))
    assert sorted(each.status_code for each in answers) == [200, 400, 400, 400]
    token = next(each for each in answers if each.status_code == 200).get_json()["access_token"]
    assert flow.introspect(browser, api, token) == {"active": False}


def test_8_of_two_uses_of_a_refresh_token_at_once_one_succeeds_and_all_ends(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        browser = committed_app.test_client()
        sign_in_as(browser, an_account())
        application = a_client()
        token = flow.tokens_for(browser, application)["refresh_token"]
    answers = in_browsers(committed_app, 4, lambda each: flow.refresh(each, application, token))
    assert sorted(each.status_code for each in answers) == [200, 400, 400, 400]
    newest = next(each for each in answers if each.status_code == 200).get_json()["refresh_token"]
    assert flow.refresh(browser, application, newest).get_json()["error"] == "invalid_grant"


def test_9_nothing_of_ours_hangs_on_the_order_of_authlibs_hooks(client: FlaskClient) -> None:
    """Names of pushed requests and request objects are looked at in one place, before any check."""
    sign_in_as(client, an_account())
    application = signing.a_signing_client()
    form = {"request": signing.signed(application)}
    name = pushing.name_of(pushing.send(client, application, form))
    both = client.get(pushing.address_of(application, name, request=form["request"]))
    assert signing.error_of(both) == "invalid_request"
    assert "code" in flow.answered(client.get(pushing.address_of(application, name)))


def test_10_what_was_asked_for_reaches_the_access_token(client: FlaskClient) -> None:
    maria = an_account()
    installation = an_installation(maria.tax_id)
    sign_in_as(client, maria)
    asked = f'[{{"type":"installation_access","installations":["{installation.code}"]}}]'
    answer = flow.tokens_for(client, a_client(), authorization_details=asked)
    claims = flow.claims_of(answer["access_token"])
    assert claims["authorization_details"] == answer["authorization_details"]
    assert claims["authorization_details"][0]["installations"] == [installation.code]


def test_11_the_audience_of_an_id_token_is_a_string_and_logout_goes_back(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_client(post_logout_redirect_uris=("https://app.example/bye",))
    answer = flow.tokens_for(client, application)
    assert flow.claims_of(answer["id_token"])["aud"] == application.client_id
    out = client.get(
        "/oauth/logout",
        query_string={
            "id_token_hint": answer["id_token"],
            "post_logout_redirect_uri": "https://app.example/bye",
            "state": "s",
        },
    )
    assert out.headers["Location"] == "https://app.example/bye?state=s"


def test_12_every_token_names_the_key_that_signed_it(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    answer = flow.tokens_for(client, a_client())
    published = {key["kid"] for key in client.get("/oauth/jwks").get_json()["keys"]}
    for name in ("access_token", "id_token"):
        assert flow.header_of(answer[name])["kid"] in published


def test_13_a_client_assertion_is_for_our_issuer_alone(client: FlaskClient) -> None:
    """Authlib leaves the audience to whoever calls it; a list may name another server too."""
    application = a_client(token_endpoint_auth_method="private_key_jwt", jwks=KEYS)
    form = {"grant_type": "client_credentials"}
    for audience in (f"{flow.ISSUER}/oauth/token", [flow.ISSUER], [flow.ISSUER, "https://evil"]):
        proof = proof_of(application, aud=audience)
        refused = client.post("/oauth/token", data={**form, **proof})
        assert refused.get_json()["error"] == "invalid_client"
    proof = proof_of(application)
    assert client.post("/oauth/token", data={**form, **proof}).status_code == 200


def test_14_plain_http_is_refused_and_a_trusted_proxys_https_believed(app: Flask) -> None:
    assert "AUTHLIB_INSECURE_TRANSPORT" not in os.environ
    form = {"grant_type": "client_credentials"}
    outside = {"base_url": "http://id.example"}
    refused = app.test_client().post("/oauth/token", data=form, **outside)
    assert refused.get_json()["error"] == "insecure_transport"
    behind = create_app(Settings(**{**SETTINGS, "database_url": "postgresql://", "proxy_hops": 1}))  # type: ignore[arg-type]
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "id.example"}
    answer = behind.test_client().post("/oauth/token", data=form, headers=headers, **outside)
    assert answer.get_json()["error"] == "invalid_client"
    behind.extensions["oauth_caches"].stop()


def test_14_production_refuses_an_issuer_without_https() -> None:
    with pytest.raises(InvalidSettings, match="ISSUER"):
        Settings.from_environment({"ISSUER": "http://id.example"})
