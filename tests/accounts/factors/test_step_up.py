"""More assurance when it is asked for: by an application, or before a sensitive change."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.sessions import ACR_ONE_FACTOR, ACR_TWO_FACTORS
from tests.accounts.factors.habits import challenge, events, give_password, register, sessions_of
from tests.browsing import errors_of, heading_of, links_of, post, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.factors import Authenticator, a_code, a_passkey, an_app, some_codes
from tests.factories.oauth import a_client
from tests.oauth import flow

STEP_UP = "/account/confirm/factor"
PASSKEY = "/account/confirm/passkey"
ESSENTIAL = '{"id_token":{"acr":{"essential":true,"values":["urn:outorga:aal2"]}}}'
PREFERRED = (
    '{"id_token":{"acr":{"essential":true,"values":["urn:outorga:aal2","urn:outorga:aal1"]}}}'
)


def following(sent: TestResponse) -> str:
    """Where the step-up page goes on to."""
    return parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]


def confirm(client: FlaskClient, device: Authenticator, path: str = PASSKEY) -> TestResponse:
    asked = challenge(client, f"{PASSKEY}/challenge", form_path=PASSKEY)
    return post(client, path, {"credential": device.get(asked)})


def test_an_application_gets_two_factors_of_somebody_who_has_them(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    session = sign_in_as(client, account, authenticated_at=clock.now() - timedelta(minutes=5))
    signed_in_at = int(session.authenticated_at.timestamp())
    application = a_client(first_party=True)
    sent = flow.authorize(client, application, acr_values=f"{ACR_TWO_FACTORS} {ACR_ONE_FACTOR}")
    assert sent.headers["Location"].startswith(f"{STEP_UP}?")
    page = client.get(sent.headers["Location"])
    assert heading_of(page) == "Show that it is you"
    assert "to continue to Segunda via" in page.text
    assert "form-action 'self' https://app.example" in page.headers["Content-Security-Policy"]
    shown = post(client, sent.headers["Location"], {"code": a_code()})
    answer = flow.answered(client.get(shown.headers["Location"]))
    tokens = flow.exchange(client, application, answer["code"]).get_json()
    claims = flow.claims_of(tokens["id_token"])
    assert (claims["acr"], claims["amr"]) == (ACR_TWO_FACTORS, ["pwd", "otp"])
    assert claims["auth_time"] == signed_in_at
    assert flow.claims_of(tokens["access_token"])["acr"] == ACR_TWO_FACTORS


def test_whoever_has_shown_the_factor_is_not_asked_again(client: FlaskClient) -> None:
    sign_in_as(client, an_account(), amr=["pwd", "otp"])
    application = a_client(first_party=True)
    answer = flow.authorize(client, application, acr_values=ACR_TWO_FACTORS)
    assert "code" in flow.answered(answer)


def test_who_has_no_factor_may_set_one_up_and_comes_back(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    sent = flow.authorize(client, application, acr_values=ACR_TWO_FACTORS)
    page = client.get(sent.headers["Location"])
    assert heading_of(page) == "A second factor makes this safer"
    assert "Segunda via asks that you show more than your password." in page.text
    new = next(each for each in links_of(page) if each.startswith("/account/security/passkeys/new"))
    asked = challenge(client, "/account/security/passkeys/new/challenge", form_path=new)
    made = {"name": "Phone", "credential": Authenticator().create(asked)}
    codes = post(client, new, made)
    assert following(sent) in links_of(codes)
    tokens = flow.exchange(
        client, application, flow.answered(client.get(following(sent)))["code"]
    ).get_json()
    assert flow.claims_of(tokens["id_token"])["acr"] == ACR_TWO_FACTORS


@pytest.mark.parametrize("changes", [{"acr_values": ACR_TWO_FACTORS}, {"claims": PREFERRED}])
def test_who_goes_on_without_gets_a_token_that_says_so(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    sent = flow.authorize(client, application, **changes)
    assert following(sent) in links_of(client.get(sent.headers["Location"]))
    code = flow.answered(client.get(following(sent)))["code"]
    tokens = flow.exchange(client, application, code).get_json()
    assert flow.claims_of(tokens["id_token"])["acr"] == ACR_ONE_FACTOR


def test_where_less_will_not_do_the_application_is_told(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    sent = flow.authorize(client, application, claims=ESSENTIAL)
    assert "essential=1" in sent.headers["Location"]
    assert "Go back without it" in client.get(sent.headers["Location"]).text
    answer = flow.answered(client.get(following(sent)))
    assert answer["error"] == "unmet_authentication_requirements"
    assert answer["iss"] == flow.ISSUER


def test_nobody_agrees_for_less_than_the_application_needs(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    page = flow.authorize(client, application)
    path = flow.action_of(page)
    posted = post(
        client, f"{path}&claims={ESSENTIAL}", {"decision": "allow"}, form_path="/account/data"
    )
    assert posted.headers["Location"].startswith("/oauth/authorize?")


def test_silently_a_wish_is_passed_over_and_a_need_is_an_error(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    sign_in_as(client, account)
    application = a_client(first_party=True)
    wished = flow.authorize(client, application, prompt="none", acr_values=ACR_TWO_FACTORS)
    assert "code" in flow.answered(wished)
    needed = flow.authorize(client, application, prompt="none", claims=ESSENTIAL)
    assert flow.answered(needed)["error"] == "interaction_required"


@pytest.mark.parametrize("claims", ["nonsense", "[]", '{"id_token":{"acr":3}}', "[" * 900])
def test_claims_that_cannot_be_read_are_refused(client: FlaskClient, claims: str) -> None:
    sign_in_as(client, an_account())
    refused = flow.authorize(client, a_client(first_party=True), claims=claims)
    assert flow.answered(refused)["error"] == "invalid_request"


def test_a_mark_that_is_forged_or_of_another_application_asks_again(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    other = flow.authorize(client, a_client(first_party=True), acr_values=ACR_TWO_FACTORS)
    theirs = parse_qs(urlsplit(following(other)).query)["asked_factor"][0]
    application = a_client(first_party=True)
    for mark in (theirs, "forged", ""):
        sent = flow.authorize(client, application, acr_values=ACR_TWO_FACTORS, asked_factor=mark)
        assert sent.headers["Location"].startswith(f"{STEP_UP}?")


def test_signing_in_for_two_factors_asks_once_for_each(client: FlaskClient) -> None:
    an_app(an_account())
    application = a_client(first_party=True)
    sent = flow.authorize(client, application, acr_values=ACR_TWO_FACTORS)
    asked = give_password(client, sent.headers["Location"])
    assert asked.headers["Location"].startswith("/login/factor?")
    shown = post(client, asked.headers["Location"], {"code": a_code()})
    tokens = flow.exchange(
        client, application, flow.answered(client.get(shown.headers["Location"]))["code"]
    ).get_json()
    assert flow.claims_of(tokens["id_token"])["amr"] == ["pwd", "otp"]


def test_what_an_application_got_before_keeps_its_assurance(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    sign_in_as(client, account)
    application = a_client(first_party=True, scope="openid offline_access")
    before = flow.tokens_for(client, application, scope="openid offline_access")
    post(client, STEP_UP, {"code": a_code()})
    refreshed = flow.refresh(client, application, before["refresh_token"]).get_json()
    assert flow.claims_of(refreshed["id_token"])["acr"] == ACR_ONE_FACTOR


def test_the_factor_changes_the_cookie_and_leaves_the_time_of_sign_in(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    long_ago = clock.now() - timedelta(hours=1)
    session = sign_in_as(client, account, authenticated_at=long_ago)
    token = session.token_hash
    assert (
        post(client, f"{STEP_UP}?next=/account/data", {"code": a_code()}).location
        == "/account/data"
    )
    assert session.token_hash != token
    assert session.authenticated_at == long_ago
    assert events("factor.shown")[0].data["session"] == session.public_id
    assert client.get(f"{STEP_UP}?next=/account").location == "/account"


def test_a_wrong_code_leaves_the_session_as_it_was(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    sign_in_as(client, account)
    refused = post(client, STEP_UP, {"code": "nonsense"})
    assert refused.status_code == 422
    assert "not right" in errors_of(refused)["code"]
    assert sessions_of(account)[0].amr == ["pwd"]


def test_a_code_is_used_up_by_a_step_up_too(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    code = some_codes(account)[0]
    sign_in_as(client, account)
    assert post(client, STEP_UP, {"code": code}).status_code == 303
    again = client.application.test_client()
    sign_in_as(again, account)
    assert post(again, STEP_UP, {"code": code}).status_code == 422


def test_a_passkey_that_verifies_its_holder_does_for_the_password_as_well(
    client: FlaskClient,
) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account, device)
    sign_in_as(client, account, authenticated_at=clock.now() - timedelta(hours=1))
    asked = client.get("/account/security/app").location
    assert PASSKEY in client.get(asked).text
    confirmed = confirm(client, device, f"{PASSKEY}?next=/account/security/app")
    assert confirmed.location == "/account/security/app"
    assert client.get("/account/security/app").status_code == 200
    assert sessions_of(account)[0].amr == ["pwd", "hwk"]


def test_one_that_does_not_is_the_second_factor_alone(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator(verifies=False)
    a_passkey(account, device)
    sign_in_as(client, account, authenticated_at=clock.now() - timedelta(hours=1))
    assert confirm(client, device).status_code == 303
    assert sessions_of(account)[0].amr == ["pwd", "hwk"]
    assert client.get("/account/security/app").location.startswith("/account/confirm?")


def test_somebody_elses_passkey_confirms_nothing(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account)
    a_passkey(joao(), device)
    sign_in_as(client, account)
    refused = confirm(client, device)
    assert refused.status_code == 422
    assert heading_of(refused) == "Confirm with a passkey"
    assert sessions_of(account)[0].amr == ["pwd"]


def test_a_registration_is_not_an_answer(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    assert register(client, Authenticator()).status_code == 200
    made = Authenticator().create(
        challenge(
            client,
            "/account/security/passkeys/new/challenge",
            form_path="/account/security/passkeys/new",
        )
    )
    assert post(client, PASSKEY, {"credential": made}).status_code == 422
