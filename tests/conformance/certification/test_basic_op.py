"""Basic OP and Form Post OP: the modules of the OpenID Foundation's plans, by their names, for a
client that was registered by hand and one that registered itself."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from tests.browsing import sign_out
from tests.conformance.certification.conftest import unsigned
from tests.conformance.certification.relying_party import (
    REDIRECT_URI,
    RelyingParty,
    check_kinds,
    claims_of,
)
from tests.factories.oauth import REDIRECT_URI as ANOTHER_URI
from tests.factories.oauth import SECRET, a_client
from tests.oauth import flow

SCOPES = {
    "profile": {"name", "locale"},
    "email": {"email", "email_verified"},
    "address": {"address"},
    "phone": {"phone_number", "phone_number_verified"},
}


def test_oidcc_server(party: RelyingParty) -> None:
    assert claims_of(party.signed_in())["aud"] == party.client_id


def test_oidcc_response_type_missing(party: RelyingParty) -> None:
    answer = party.open(response_type=None)
    assert party.error(answer) in {"invalid_request", "unsupported_response_type"}


def test_oidcc_userinfo_get_post_header_and_post_body(party: RelyingParty) -> None:
    tokens = party.signed_in(scope="openid profile email address phone")
    shown = {"Authorization": f"Bearer {tokens['access_token']}"}
    form = {"access_token": tokens["access_token"]}
    by_get = party.userinfo(tokens)
    for answer in (
        party.browser.post("/oauth/userinfo", headers=shown),
        party.browser.post("/oauth/userinfo", headers=shown, content_type="application/json"),
        party.browser.post("/oauth/userinfo", data=form),
        party.browser.post(
            "/oauth/userinfo",
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded;charset=UTF-8",
        ),
    ):
        assert (answer.status_code, answer.get_json()) == (200, by_get)


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(party: RelyingParty) -> None:
    assert "nonce" not in claims_of(party.signed_in(nonce=None))


@pytest.mark.parametrize("scope", [*SCOPES, " ".join(SCOPES), "address openid phone"])
def test_oidcc_scope_profile_email_address_phone_and_all(party: RelyingParty, scope: str) -> None:
    asked = " ".join(dict.fromkeys(("openid", *scope.split())))
    tokens = party.signed_in(scope=asked)
    told = set(party.userinfo(tokens))
    assert told == {"sub"}.union(*(SCOPES.get(each, set()) for each in scope.split()))
    assert not (told - {"sub"}) & set(claims_of(tokens))


def test_oidcc_alternate_happy_flow(party: RelyingParty) -> None:
    """Scopes and parameters in the opposite order."""
    request = dict(reversed(party.request(scope="email openid").items()))
    page = party.browser.get(f"/oauth/authorize?{urlencode(request)}")
    code = party.answer(party.agreed(page))["code"]
    assert "email" in party.userinfo(party.checked(party.redeem(code), nonce=party.nonce))


@pytest.mark.parametrize(
    "parameter",
    [
        *({"display": "page"}, {"display": "popup"}, {"ui_locales": "se"}, {"ui_locales": "pt-BR"}),
        *({"claims_locales": "se"}, {"login_hint": "maria@example.com"}, {"extra": "foobar"}),
        *({"acr_values": "1 2"}, {"acr_values": "urn:outorga:aal1"}),
    ],
    ids=str,
)
def test_oidcc_display_locales_hints_acr_values_and_unknown_parameters_succeed(
    party: RelyingParty, parameter: dict[str, str]
) -> None:
    assert claims_of(party.signed_in(**parameter))["acr"] == "urn:outorga:aal1"


def test_oidcc_prompt_login(party: RelyingParty) -> None:
    first = claims_of(party.signed_in())["auth_time"]
    sent = party.browser.get(f"/oauth/authorize?{urlencode(party.request(prompt='login'))}")
    code = party.answer(party.after_sign_in(sent))["code"]
    second = claims_of(party.checked(party.redeem(code), nonce=party.nonce))
    assert second["auth_time"] > first


def test_oidcc_prompt_none_not_logged_in(party: RelyingParty) -> None:
    party.signed_in()
    sign_out(party.browser)
    assert party.error(party.open(prompt="none")) == "login_required"


def test_oidcc_prompt_none_logged_in_and_id_token_hint(party: RelyingParty) -> None:
    first = party.signed_in()
    for hint in (None, first["id_token"]):
        again = claims_of(party.signed_in(prompt="none", id_token_hint=hint))
        assert all(again[name] == claims_of(first)[name] for name in ("sub", "auth_time"))


def test_oidcc_max_age_1(party: RelyingParty) -> None:
    first = claims_of(party.signed_in())["auth_time"]
    sent = party.browser.get(f"/oauth/authorize?{urlencode(party.request(max_age='1'))}")
    code = party.answer(party.after_sign_in(sent))["code"]
    second = claims_of(party.checked(party.redeem(code), nonce=party.nonce))
    assert second["auth_time"] > first
    assert clock.now().timestamp() - second["auth_time"] < 60


def test_oidcc_max_age_10000(party: RelyingParty) -> None:
    first = claims_of(party.signed_in(max_age="15000"))["auth_time"]
    assert claims_of(party.signed_in(max_age="10000"))["auth_time"] == first


def test_oidcc_codereuse_and_its_access_token(party: RelyingParty) -> None:
    code = party.answer(party.open())["code"]
    tokens = party.checked(party.redeem(code), nonce=party.nonce)
    again = party.redeem(code)
    assert (again.status_code, again.content_type) == (400, "application/json")
    assert again.get_json()["error"] == "invalid_grant"
    assert flow.userinfo(party.browser, tokens["access_token"]).status_code == 401


@pytest.mark.parametrize(
    "uri", [f"{REDIRECT_URI}/AbC123", f"{REDIRECT_URI}?a=b", REDIRECT_URI[:-1], "", "x"]
)
def test_oidcc_ensure_registered_redirect_uri(party: RelyingParty, uri: str) -> None:
    page = party.open(redirect_uri=uri or "https://suite.example/")
    assert (page.status_code, "Location" in page.headers) == (400, False)
    assert 'id="error-code">invalid_request<' in page.text


def test_oidcc_ensure_post_request_succeeds(party: RelyingParty) -> None:
    sent = party.browser.post("/oauth/authorize", data=party.request())
    assert sent.status_code == 303
    code = party.answer(party.agreed(party.browser.get(sent.headers["Location"])))["code"]
    party.checked(party.redeem(code), nonce=party.nonce)


def test_oidcc_unsigned_request_object_supported_correctly(party: RelyingParty) -> None:
    """The state and the nonce stand inside alone."""
    query = outside(party, request=unsigned(party.request()))
    answer = party.redeem(party.answer(brought(party, query))["code"])
    assert claims_of(party.checked(answer, nonce=party.nonce))["nonce"] == party.nonce


def test_oidcc_ensure_request_object_with_redirect_uri(party: RelyingParty) -> None:
    """The redirect URI outside is none of the client's: the one inside is what counts."""
    query = outside(party, request=unsigned(party.request()), redirect_uri=ANOTHER_URI)
    assert "code" in party.answer(brought(party, query))


def test_oidcc_claims_essential(party: RelyingParty) -> None:
    tokens = party.signed_in(claims=json.dumps({"userinfo": {"name": {"essential": True}}}))
    assert party.userinfo(tokens)["name"] == party.account.name
    assert "name" not in claims_of(tokens)


def test_oidcc_refresh_token(party: RelyingParty) -> None:
    scope = "openid offline_access"
    tokens = party.signed_in(scope=scope, prompt="consent")
    first = claims_of(tokens)
    stolen = flow.ask_token(
        party.browser,
        a_client(),
        grant_type="refresh_token",
        refresh_token=tokens["refresh_token"],
        scope=scope,
    )
    assert (stolen.status_code, stolen.get_json()["error"]) == (400, "invalid_grant")
    answer = party.ask_token(
        grant_type="refresh_token", refresh_token=tokens["refresh_token"], scope=scope
    )
    second = claims_of(party.checked(answer, nonce=None))
    assert all(second[name] == first[name] for name in ("iss", "sub", "aud", "auth_time"))
    assert not {"azp", "nonce"} & set(second)


def test_oidcc_ensure_request_with_valid_pkce_succeeds(party: RelyingParty) -> None:
    challenged = party.open(code_challenge=flow.CHALLENGE, code_challenge_method="S256")
    code = party.answer(challenged)["code"]
    answer = party.redeem(code, code_verifier=flow.VERIFIER)
    assert claims_of(party.checked(answer, nonce=party.nonce))["aud"] == party.client_id


def test_oidcc_server_client_secret_post(party: RelyingParty) -> None:
    known = a_client(
        redirect_uris=(REDIRECT_URI,),
        require_pkce=False,
        token_endpoint_auth_method="client_secret_post",
    )
    posting = RelyingParty(party.browser, party.account, known.client_id, SECRET, party.mode)
    form = {
        "grant_type": "authorization_code",
        "code": posting.answer(posting.open())["code"],
        "redirect_uri": REDIRECT_URI,
        "client_id": known.client_id,
        "client_secret": SECRET,
    }
    answer = party.browser.post("/oauth/token", data=form)
    assert claims_of(posting.checked(answer, nonce=posting.nonce))["aud"] == known.client_id


def test_oidcc_discovery_endpoint_verification(client: FlaskClient) -> None:
    """Config OP: every member is of its kind (Discovery section 3, RFC 8414 section 2)."""
    answer = client.get("/.well-known/openid-configuration")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    for name, value in answer.get_json().items():
        if name.endswith(("_endpoint", "_uri")) or name == "issuer":
            assert value.startswith(flow.ISSUER), name
        elif name.startswith(("require_", "tls_client_")) or name.endswith(
            ("_parameter_supported", "logout_supported", "session_supported")
        ):
            assert type(value) is bool, name
        else:
            assert value, name
            assert all(isinstance(each, str) and each for each in value), name
            assert len(set(value)) == len(value), name
    document = answer.get_json()
    assert {"authorization_code", "refresh_token"} <= set(document["grant_types_supported"])
    assert {"openid", *SCOPES} <= set(document["scopes_supported"])
    assert set().union(*SCOPES.values()) <= set(document["claims_supported"])
    for flag in ("claims_parameter", "request_parameter", "request_uri_parameter"):
        assert document[f"{flag}_supported"] is True
    assert document["require_request_uri_registration"] is True


def test_oidcc_idtoken_unsigned_is_not_offered(client: FlaskClient) -> None:
    """The suite passes over it: `none` signs no ID Token here."""
    document = client.get("/.well-known/openid-configuration").get_json()
    assert "none" not in document["id_token_signing_alg_values_supported"]


def test_oidcc_kinds_of_claims() -> None:
    """That the checks of this folder can fail."""
    for bad in ({"email_verified": "true"}, {"name": ""}, {"address": {"region": ""}}):
        with pytest.raises(AssertionError):
            check_kinds(bad)


def outside(party: RelyingParty, **changes: str) -> dict[str, str]:
    """What the suite repeats beside a request object, as Core section 6.1 has it."""
    kept = ("client_id", "response_type", "scope", "redirect_uri")
    return {**{name: party.request()[name] for name in kept}, **changes}


def brought(party: RelyingParty, query: dict[str, str]) -> TestResponse:
    """The browser brings it, and goes on with its name."""
    sent = party.browser.get(f"/oauth/authorize?{urlencode(query)}")
    if sent.headers.get("Location", "").startswith("/oauth/authorize?"):
        sent = party.browser.get(sent.headers["Location"])
    assert not parse_qs(urlsplit(sent.headers.get("Location", "")).query).get("error")
    return party.agreed(sent)
