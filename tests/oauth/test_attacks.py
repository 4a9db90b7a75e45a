"""What an attacker would try first."""

import base64
import json
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from idp import clock
from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.oauth import keys
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.oauth import REDIRECT_URI, a_client, a_public_client, a_resource_server
from tests.oauth import flow


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/callback",
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example/callback/../callback",
        "https://app.example/Callback",
        "https://app.example:444/callback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://app.example%2f@evil.example/callback",
        "https://app.example\\@evil.example/callback",
        "https://app.example/callback\x00",
        "https://app.example/callback%0d%0aSet-Cookie:x=1",
        "http://app.example/callback",
        "//app.example/callback",
        "javascript:alert(1)",
        'https://app.example/callback"><script>',
        "https://аpp.example/callback",
        " https://app.example/callback",
        "x" * 3000,
    ],
)
def test_a_redirect_uri_that_was_not_registered_is_never_followed(
    client: FlaskClient, uri: str
) -> None:
    sign_in_as(client, an_account())
    refused = flow.authorize(client, a_client(first_party=True), redirect_uri=uri)
    assert refused.status_code == 400
    assert 'id="error-code">invalid_request<' in refused.text
    assert "Location" not in refused.headers
    assert "<script>" not in refused.text


@pytest.mark.parametrize(
    "client_id", [None, "", "unknown", "a:b", "x\x00", "é", "'; --", "x" * 999]
)
def test_an_unknown_client_gets_a_page_and_no_redirect(
    client: FlaskClient, client_id: str | None
) -> None:
    refused = flow.authorize(client, a_client(), client_id=client_id)
    assert refused.status_code == 400
    assert 'id="error-code">invalid_client<' in refused.text


def test_a_client_of_several_addresses_must_name_one_and_of_one_needs_not(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    several = a_client(first_party=True, redirect_uris=(REDIRECT_URI, f"{REDIRECT_URI}/2"))
    assert flow.authorize(client, several, redirect_uri=None).status_code == 400
    single = a_client(first_party=True)
    code = flow.answered(flow.authorize(client, single, redirect_uri=None))["code"]
    assert flow.exchange(client, single, code, redirect_uri="").status_code == 200


def test_the_token_request_repeats_the_redirect_uri(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    for uri in ("", f"{REDIRECT_URI}/", "https://evil.example/"):
        code = flow.code_for(client, application)
        refused = flow.exchange(client, application, code, redirect_uri=uri)
        assert refused.get_json()["error"] == "invalid_grant"


def test_any_port_of_a_native_applications_loopback_and_nothing_else_of_it(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    native = a_public_client(
        application_type="native",
        redirect_uris=("http://127.0.0.1/cb", "com.example.app:/cb"),
        require_pkce=True,
    )

    def is_accepted(uri: str) -> bool:
        return flow.authorize(client, native, redirect_uri=uri).status_code != 400

    assert is_accepted("http://127.0.0.1:49152/cb")
    assert is_accepted("com.example.app:/cb")
    for uri in (
        "http://127.0.0.1:49152/other",
        "http://localhost:49152/cb",
        "http://127.0.0.2:1/cb",
        "https://127.0.0.1:1/cb",
        "http://127.0.0.1:99999/cb",
        "http://user@127.0.0.1:1/cb",
        "com.example.app:/cb/x",
    ):
        assert not is_accepted(uri), uri


def test_a_code_of_one_client_is_nothing_to_another(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, thief = a_client(), a_client()
    code = flow.code_for(client, application)
    assert flow.exchange(client, thief, code).get_json()["error"] == "invalid_grant"
    assert flow.exchange(client, application, code).status_code == 200


def test_a_refresh_token_of_one_client_is_nothing_to_another_even_when_used(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application, thief = a_client(), a_client()
    first = flow.tokens_for(client, application)["refresh_token"]
    assert flow.refresh(client, thief, first).get_json()["error"] == "invalid_grant"
    second = flow.refresh(client, application, first).get_json()["refresh_token"]
    assert flow.refresh(client, thief, first).get_json()["error"] == "invalid_grant"
    assert flow.refresh(client, application, second).status_code == 200


def test_a_code_used_twice_ends_what_it_gave_and_leaves_a_trace(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    code = flow.code_for(client, application)
    answer = flow.exchange(client, application, code).get_json()
    assert flow.exchange(client, application, code).get_json()["error"] == "invalid_grant"
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 400
    events = db.session.scalars(db.select(AuditEvent.event)).all()
    assert events.count(Event.CODE_REPLAYED) == 1


def test_a_refresh_token_used_twice_ends_the_whole_chain(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    stolen = flow.tokens_for(client, application, scope="openid offline_access")["refresh_token"]
    answer = flow.refresh(client, application, stolen).get_json()
    assert flow.refresh(client, application, stolen).get_json()["error"] == "invalid_grant"
    refused = flow.refresh(client, application, answer["refresh_token"])
    assert refused.get_json()["error"] == "invalid_grant"
    assert flow.userinfo(client, answer["access_token"]).status_code == 401


def test_two_places_that_use_one_refresh_chain_are_both_thrown_out(committed_app: Flask) -> None:
    with committed_app.app_context():
        browser = committed_app.test_client()
        sign_in_as(browser, an_account())
        application = a_client()
        start = flow.tokens_for(browser, application, scope="openid offline_access")
    last: list[int] = []

    def keep_refreshing() -> None:
        browser, token = committed_app.test_client(), start["refresh_token"]
        for _ in range(5):
            response = flow.refresh(browser, application, token)
            if response.status_code != 200:
                break
            token = response.get_json()["refresh_token"]
        last.append(flow.refresh(browser, application, token).status_code)

    threads = [threading.Thread(target=keep_refreshing) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert last == [400, 400]


def test_an_expired_code_is_worth_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    monkeypatch.setitem(app.config, "AUTHORIZATION_CODE_SECONDS", 0)
    code = flow.code_for(client, application)
    assert flow.exchange(client, application, code).get_json()["error"] == "invalid_grant"


def test_scope_can_be_narrowed_for_one_token_and_never_widened(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    answer = flow.tokens_for(client, application, scope="openid email")
    wider = flow.refresh(client, application, answer["refresh_token"], scope="openid phone")
    assert wider.get_json()["error"] == "invalid_scope"
    less = flow.refresh(client, application, answer["refresh_token"], scope="openid").get_json()
    assert less["scope"] == flow.claims_of(less["access_token"])["scope"] == "openid"
    again = flow.refresh(client, application, less["refresh_token"]).get_json()
    assert again["scope"] == "openid email"


def forgeries(good: str, claims: dict[str, Any]) -> dict[str, str]:
    """Tokens that look like `good` and were not signed by us with the right key."""
    kid = flow.header_of(good)["kid"]
    jwks = {each["kid"]: each for each in json.loads(keys.ring().jwks)["keys"]}
    mine = ECKey.generate_key("P-256")
    head = {"typ": "at+jwt", "kid": kid}
    none = base64.urlsafe_b64encode(json.dumps({**head, "alg": "none"}).encode()).rstrip(b"=")
    secret = OctKey.import_key(json.dumps(jwks[kid]).encode())
    rsa = RSAKey.generate_key(2048)
    header, payload, signature = good.split(".")
    return {
        "no signature": f"{none.decode()}.{payload}.",
        "signature cut off": f"{header}.{payload}.",
        "public key as secret": jwt.encode({**head, "alg": "HS256"}, claims, secret, ["HS256"]),
        "own key, our kid": jwt.encode({**head, "alg": "ES256"}, claims, mine, ["ES256"]),
        "own key, embedded": jwt.encode(
            {**head, "alg": "ES256", "jwk": mine.as_dict(private=False)}, claims, mine, ["ES256"]
        ),
        "own key, own kid": jwt.encode(
            {"typ": "at+jwt", "alg": "ES256", "kid": mine.thumbprint()}, claims, mine, ["ES256"]
        ),
        "kid as a path": jwt.encode(
            {**head, "alg": "ES256", "kid": "../../dev/null"}, claims, mine, ["ES256"]
        ),
        "kid as SQL": jwt.encode(
            {**head, "alg": "ES256", "kid": "' OR 1=1 --"}, claims, mine, ["ES256"]
        ),
        "other algorithm": jwt.encode({**head, "alg": "RS256"}, claims, rsa, ["RS256"]),
        "payload changed": f"{header}.{payload[:-4]}AAAA.{signature}",
        "two dots more": f"{good}..",
        "nothing": "..",
    }


def test_a_forged_token_is_nowhere_believed(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    api = a_resource_server()
    good = flow.tokens_for(client, a_client())["access_token"]
    for name, token in forgeries(good, flow.claims_of(good)).items():
        assert flow.userinfo(client, token).status_code == 401, name
        assert flow.introspect(client, api, token) == {"active": False}, name
    assert flow.userinfo(client, good).status_code == 200


def test_a_token_of_another_issuer_or_past_its_end_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    good = flow.claims_of(flow.tokens_for(client, a_client())["access_token"])
    past = {"exp": int(clock.now().timestamp()) - 1}
    for change in ({"iss": "https://evil.example"}, past):
        token = keys.sign({**good, **change}, algorithm="ES256", kind="at+jwt")
        assert flow.userinfo(client, token).status_code == 401


def test_a_clients_own_token_opens_nobodys_claims(client: FlaskClient) -> None:
    token = flow.ask_token(client, a_client(), grant_type="client_credentials").get_json()
    assert flow.userinfo(client, token["access_token"]).status_code == 401


def test_a_client_learns_nothing_of_a_token_that_is_not_its_own(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, other = a_client(), a_client()
    token = flow.tokens_for(client, application)["access_token"]
    assert flow.introspect(client, other, token) == {"active": False}
    assert flow.introspect(client, application, token)["active"] is True


def test_a_public_client_may_not_introspect(client: FlaskClient) -> None:
    public = a_public_client()
    refused = client.post("/oauth/introspect", data={"client_id": public.client_id, "token": "x"})
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")


def test_every_failed_client_authentication_is_answered_alike(client: FlaskClient) -> None:
    confidential, public = a_client(), a_public_client()
    form = {"grant_type": "client_credentials"}
    wrong: list[dict[str, Any]] = [
        {"headers": flow.basic(confidential, "wrong")},
        {"headers": flow.basic(public, "wrong")},
        {"headers": {"Authorization": "Basic !!!"}},
        {"headers": {"Authorization": "Basic /////w=="}},
        {"headers": {"Authorization": "Basic"}},
        {"headers": {"Authorization": "Bearer x"}},
        {"data": {"client_id": confidential.client_id}},
        {"data": {"client_id": confidential.client_id, "client_secret": flow.SECRET}},
        {"data": {"client_id": "unknown", "client_secret": "x" * 5000}},
        {"data": {"client_id": "\x00", "client_secret": "\x00"}},
        {"data": {}},
        {"data": {"client_id": "unknown"}, "headers": flow.basic(confidential)},
    ]
    answers = {
        (response.status_code, response.text, response.headers["WWW-Authenticate"])
        for each in wrong
        for response in [
            client.post(
                "/oauth/token",
                data={**form, **each.get("data", {})},
                headers=each.get("headers"),
            )
        ]
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 401


def test_two_ways_of_authentication_at_once_are_refused(client: FlaskClient) -> None:
    application = a_client()
    refused = flow.ask_token(
        client, application, grant_type="client_credentials", client_secret=flow.SECRET
    )
    assert refused.get_json()["error"] == "invalid_request"


def test_credentials_in_the_address_count_for_nothing(client: FlaskClient) -> None:
    application = a_client(token_endpoint_auth_method="client_secret_post")
    query = {
        "grant_type": "client_credentials",
        "client_id": application.client_id,
        "client_secret": flow.SECRET,
    }
    assert client.post("/oauth/token", query_string=query).status_code == 400
    assert client.post("/oauth/token", data=query).status_code == 200
    token = client.post("/oauth/token", data=query).get_json()["access_token"]
    refused = client.get("/oauth/userinfo", query_string={"access_token": token})
    assert (refused.status_code, refused.get_json()) == (401, {})
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="outorga"'


def test_a_scope_or_resource_that_is_not_registered_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, joao())
    application = a_client(scope="openid", resources=("https://api.example",))
    refused = flow.answered(flow.authorize(client, application, scope="openid email"))
    assert refused["error"] == "invalid_scope"
    refused = flow.answered(flow.authorize(client, application, resource="https://x.example"))
    assert refused["error"] == "invalid_target"
    for wrong in ({"scope": "email"}, {"scope": "openid"}, {"resource": "https://x.example"}):
        answer = flow.ask_token(client, application, grant_type="client_credentials", **wrong)
        expected = "invalid_target" if "resource" in wrong else "invalid_scope"
        assert answer.get_json()["error"] == expected


def test_nothing_secret_may_be_cached(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    code = flow.code_for(client, application)
    answer = flow.exchange(client, application, code)
    bearer = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    for response in (
        answer,
        flow.exchange(client, application, code),
        client.get("/oauth/userinfo", headers=bearer),
        flow.authorize(client, application),
        client.post("/oauth/introspect", data={"token": "x"}, headers=flow.basic(application)),
    ):
        assert response.headers["Cache-Control"] == "no-store"


def test_a_repeated_parameter_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    for name in ("scope", "state", "nonce", "code_challenge", "prompt", "max_age"):
        address = f"{flow.address_for(application)}&{name}=1&{name}=2"
        assert flow.answered(client.get(address))["error"] == "invalid_request", name
    for name in ("client_id", "redirect_uri"):
        address = f"{flow.address_for(application)}&{name}=1"
        assert client.get(address).status_code == 400
    code = flow.code_for(client, application)
    body = f"grant_type=authorization_code&code={code}&code={code}"
    refused = client.post(
        "/oauth/token",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers=flow.basic(application),
    )
    assert refused.get_json()["error"] == "invalid_request"
