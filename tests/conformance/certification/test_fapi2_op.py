"""FAPI 2.0 Security Profile Final with private_key_jwt and DPoP: the modules of the plan, by their
names without `fapi2-security-profile-final-`; more of the profile in tests/conformance/fapi2."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.oauth.dpop import nonces
from tests.browsing import sign_in_as
from tests.conformance.fapi2.test_fapi2_security_profile import (
    FAPI,
    PAR_ENDPOINT,
    Application,
    error_of,
)
from tests.factories.accounts import an_account
from tests.factories.oauth import REDIRECT_URI, a_client
from tests.oauth import flow, hostility, proving
from tests.oauth.clients.signing import RSA, TYPE, claims_for, jwks, signed
from tests.oauth.proving import a_key

QUERY = "?dummy1=lorem&dummy2=ipsum"


@pytest.fixture
def suite(client: FlaskClient) -> Application:
    """The suite's first client."""
    sign_in_as(client, an_account())
    return Application(client, a_client(**FAPI), a_key())


@pytest.fixture
def second(suite: Application) -> Application:
    """Its second one, with keys of its own and a redirect URI that has a query."""
    keys = {"jwks": jwks(RSA), "redirect_uris": (f"{REDIRECT_URI}{QUERY}",)}
    return Application(suite.browser, a_client(**{**FAPI, **keys}), a_key())


def brought(suite: Application, pushed: TestResponse, **more: str) -> TestResponse:
    """The browser comes with the name, and whoever is asked agrees."""
    assert (pushed.status_code, pushed.content_type) == (201, "application/json"), pushed.text
    assert len(pushed.get_json()["request_uri"]) > 40
    named = {"client_id": suite.client.client_id, "request_uri": pushed.get_json()["request_uri"]}
    page = suite.browser.get("/oauth/authorize", query_string={**named, **more})
    return flow.agree(suite.browser, page) if page.status_code == 200 else page


def code_of(suite: Application, **changes: str | None) -> str:
    answer = flow.answered(brought(suite, suite.push(**changes)))
    assert answer["iss"] == flow.ISSUER
    return answer["code"]


def asked(suite: Application, token: str, scheme: str = "DPoP", **changes: Any) -> TestResponse:
    """UserInfo, with a proof for this token."""
    said = {"ath": proving.ath(token), **changes}
    shown = suite.proof(said.pop("address", proving.USERINFO), said.pop("method", "GET"), **said)
    return proving.userinfo(suite.browser, token, shown, scheme)


def tokens_of(suite: Application, **changes: str | None) -> dict[str, Any]:
    answer = suite.redeem(code_of(suite, **changes))
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_discovery_end_point_verification(client: FlaskClient) -> None:
    document = client.get("/.well-known/openid-configuration").get_json()
    good = {"PS256", "ES256", "EdDSA", "Ed25519"}
    for name in ("dpop", "id_token", "userinfo", "token_endpoint_auth", "request_object"):
        values = f"{name}_signing_alg_values_supported"
        assert good & set(document[values]), values
    assert "private_key_jwt" in document["token_endpoint_auth_methods_supported"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert type(document["require_pushed_authorization_requests"]) is bool
    assert document["pushed_authorization_request_endpoint"] == PAR_ENDPOINT
    assert "S256" in document["code_challenge_methods_supported"]
    assert "authorization_code" in document["grant_types_supported"]


def test_happy_flow(suite: Application) -> None:
    """UserInfo takes what the suite's resource requests bring, and no token in the address."""
    tokens = tokens_of(suite, scope="openid email")
    assert tokens["token_type"] == "DPoP"
    token = tokens["access_token"]
    for accept in ("application/json; charset=utf-8", "application/json, */*"):
        headers = {
            "Authorization": f"DPoP {token}",
            "DPoP": suite.proof(proving.USERINFO, "GET", ath=proving.ath(token)),
            "Accept": accept,
            "x-fapi-customer-ip-address": "2001:db8::1893:25c8:1946",
            "x-fapi-interaction-id": "c770aef3-6784-41f7-8e0e-ff5f97bddb3a",
        }
        answer = suite.browser.get("/oauth/userinfo", headers=headers)
        assert (answer.status_code, answer.content_type) == (200, "application/json")
    in_address = suite.browser.get(f"/oauth/userinfo?access_token={token}")
    assert in_address.status_code == 401
    unasked = {"email", "name"} & set(flow.claims_of(tokens["id_token"]))
    assert not unasked


def test_happy_flow_of_the_second_client(second: Application) -> None:
    """A query in its redirect URI, `dpop_jkt` without a proof, parameters in another order."""
    uri = f"{REDIRECT_URI}{QUERY}"
    request = flow.request_for(second.client, redirect_uri=uri, nonce="n" * 43)
    jkt = {"dpop_jkt": second.key.thumbprint()}
    form = dict(reversed({**proofs(second), **request, **jkt}.items()))
    pushed = second.browser.post("/oauth/par", data=form)
    answer = flow.answered(brought(second, pushed))
    assert (answer["dummy1"], answer["dummy2"]) == ("lorem", "ipsum")
    tokens = redeemed(second, answer["code"], redirect_uri=uri).get_json()
    assert flow.claims_of(tokens["id_token"])["nonce"] == "n" * 43


def proofs(second: Application, **changes: Any) -> dict[str, str]:
    assertion = signed(claims_for(second.client, **changes), RSA, "PS256")
    return {"client_assertion_type": TYPE, "client_assertion": assertion}


def redeemed(second: Application, code: str, **changes: str) -> TestResponse:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": flow.VERIFIER,
        **changes,
    }
    headers = {"DPoP": second.proof(proving.TOKEN_ENDPOINT)}
    return second.browser.post("/oauth/token", data={**proofs(second), **form}, headers=headers)


def test_user_rejects_authentication(suite: Application) -> None:
    state = "s" * 128
    pushed = suite.push(state=state).get_json()
    named = {"client_id": suite.client.client_id, "request_uri": pushed["request_uri"]}
    page = suite.browser.get("/oauth/authorize", query_string=named)
    told = flow.answered(flow.agree(suite.browser, page, "deny"))
    assert (told["error"], told["state"], told["iss"]) == ("access_denied", state, flow.ISSUER)
    assert set(told) <= {"error", "error_description", "state", "iss"}


@pytest.mark.parametrize("length", [0, 10, 1000])
def test_ensure_authorization_request_with_any_state_or_without_one(
    suite: Application, length: int
) -> None:
    state = "s" * length or None
    told = flow.answered(brought(suite, suite.push(state=state)))
    assert told.get("state") == state
    assert suite.redeem(told["code"]).status_code == 200


@pytest.mark.parametrize("length", [0, 64, 384])
def test_ensure_authorization_request_with_any_nonce_or_without_one(
    suite: Application, length: int
) -> None:
    nonce = "n" * length or None
    assert flow.claims_of(tokens_of(suite, nonce=nonce)["id_token"]).get("nonce") == nonce


def test_ensure_other_scope_order_succeeds_and_claims_parameter(suite: Application) -> None:
    tokens = tokens_of(suite, scope="email openid", claims='{"id_token": {"name": null}}')
    assert "name" in flow.claims_of(tokens["id_token"])
    assert "email" in asked(suite, tokens["access_token"]).get_json()


@pytest.mark.parametrize("scheme", ["dPOp", "dpop", "DPOP"])
def test_access_token_type_header_case_sensitivity(suite: Application, scheme: str) -> None:
    assert asked(suite, tokens_of(suite)["access_token"], scheme).status_code == 200


@pytest.mark.parametrize("seconds", [-10, 8, 10])
def test_ensure_dpop_proof_with_iat_10_seconds_before_and_after_succeeds(
    suite: Application, seconds: int
) -> None:
    """At each endpoint; `nbf` and `exp`, which no proof needs, do no harm."""
    now = int(time.time())
    times: dict[str, Any] = {"iat": now + seconds, "nbf": now, "exp": now + 300}
    request = flow.request_for(suite.client)
    pushed = suite.post(PAR_ENDPOINT, request, proof=suite.proof(PAR_ENDPOINT, **times))
    code = flow.answered(brought(suite, pushed))["code"]
    shown = suite.proof(proving.TOKEN_ENDPOINT, **times)
    answer = suite.redeem(code, proof=shown)
    assert answer.status_code == 200, answer.text
    assert asked(suite, answer.get_json()["access_token"], **times).status_code == 200


def test_ensure_mismatched_dpop_jkt_fails(suite: Application) -> None:
    refused = suite.push(dpop_jkt=a_key().thumbprint())
    assert (refused.status_code, error_of(refused)) == (400, "invalid_request")


@pytest.mark.parametrize("by", ["jkt", "proof"])
def test_ensure_token_endpoint_fails_with_mismatched_dpop_jkt_and_proof(
    suite: Application, by: str
) -> None:
    request = flow.request_for(suite.client)
    if by == "jkt":
        request["dpop_jkt"] = suite.key.thumbprint()
    pushed = suite.post(
        PAR_ENDPOINT, request, proof=None if by == "jkt" else suite.proof(PAR_ENDPOINT)
    )
    code = flow.answered(brought(suite, pushed))["code"]
    refused = Application(suite.browser, suite.client, a_key()).redeem(code)
    assert (refused.status_code, error_of(refused)) == (400, "invalid_grant")
    assert suite.redeem(code).status_code == 200


def test_ensure_client_id_in_token_endpoint_and_code_is_bound_to_client(
    suite: Application, second: Application
) -> None:
    code = code_of(suite)
    mixed = suite.post(
        proving.TOKEN_ENDPOINT,
        {"grant_type": "authorization_code", "code": code, "client_id": second.client.client_id},
    )
    assert (mixed.status_code, error_of(mixed)) == (401, "invalid_client")
    stolen = redeemed(second, code)
    assert (stolen.status_code, error_of(stolen)) == (400, "invalid_grant")
    assert suite.redeem(code).status_code == 200


def test_attempt_reuse_authorization_code_after_one_second(suite: Application) -> None:
    code = code_of(suite)
    token = suite.redeem(code).get_json()["access_token"]
    again = suite.redeem(code)
    assert (again.status_code, error_of(again)) == (400, "invalid_grant")
    assert asked(suite, token).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [{"iat": -400, "exp": -300}, {"sub": None}, {"aud": "https://evil.example/"}],
    ids=["exp-5-minutes-in-past", "no-sub", "wrong-aud"],
)
def test_ensure_client_assertion_that_is_wrong_fails(
    suite: Application, changes: dict[str, Any]
) -> None:
    now = int(time.time())
    said = {name: now + each if type(each) is int else each for name, each in changes.items()}
    for address in (proving.TOKEN_ENDPOINT, PAR_ENDPOINT):
        refused = suite.post(address, {"grant_type": "client_credentials"}, **said)
        assert (refused.status_code, error_of(refused)) == (401, "invalid_client")


def test_ensure_signed_client_assertion_with_rs256_fails(suite: Application) -> None:
    for algorithm, status in (("PS256", 200), ("RS256", 401)):
        assertion = signed(claims_for(suite.client), RSA, algorithm)
        form = {"client_assertion_type": TYPE, "client_assertion": assertion}
        headers = {"DPoP": suite.proof(proving.TOKEN_ENDPOINT)}
        form["grant_type"] = "client_credentials"
        answer = suite.browser.post("/oauth/token", data=form, headers=headers)
        assert answer.status_code == status, algorithm


@pytest.mark.parametrize(
    "audience", [PAR_ENDPOINT, [PAR_ENDPOINT], proving.TOKEN_ENDPOINT, [flow.ISSUER]]
)
def test_par_endpoint_or_token_endpoint_as_audience_fails(
    suite: Application, audience: Any
) -> None:
    refused = suite.post(PAR_ENDPOINT, flow.request_for(suite.client), aud=audience)
    assert (refused.status_code, error_of(refused)) == (401, "invalid_client")


@pytest.mark.parametrize(("seconds", "status"), [(8, 201), (65, 401)])
def test_par_ensure_jwt_client_assertion_with_iat_and_nbf_in_the_future(
    suite: Application, seconds: int, status: int
) -> None:
    later = int(time.time()) + seconds
    times = {"iat": later, "nbf": later, "exp": later + 60}
    assert suite.post(PAR_ENDPOINT, flow.request_for(suite.client), **times).status_code == status


def test_refresh_token_by_a_new_key_and_not_by_the_second_client(
    suite: Application, second: Application
) -> None:
    token = tokens_of(suite, scope="openid offline_access")["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token}
    stolen = second.browser.post(
        "/oauth/token",
        data={**proofs(second), **form},
        headers={"DPoP": second.proof(proving.TOKEN_ENDPOINT)},
    )
    assert (stolen.status_code, error_of(stolen)) == (400, "invalid_grant")
    again = Application(suite.browser, suite.client, a_key())
    answer = again.refresh(token)
    assert (answer.status_code, answer.get_json()["token_type"]) == (200, "DPoP")
    assert asked(again, answer.get_json()["access_token"]).status_code == 200


def test_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds(
    suite: Application,
) -> None:
    pushed = suite.push()
    query = {"client_id": suite.client.client_id, "request_uri": pushed.get_json()["request_uri"]}
    assert suite.browser.get("/oauth/authorize", query_string=query).status_code == 200
    assert suite.redeem(flow.answered(brought(suite, pushed))["code"]).status_code == 200


def test_par_attempt_reuse_request_uri_expired_or_of_another_client(
    suite: Application, second: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    used, unused = suite.push(), suite.push()
    flow.answered(brought(suite, used))
    for page in (brought(suite, used), brought(second, unused)):
        assert (page.status_code, "Location" in page.headers) == (400, False)
        assert 'id="error-code">invalid_request_uri<' in page.text
    moved = clock.now() + timedelta(seconds=unused.get_json()["expires_in"] + 1)
    monkeypatch.setattr(clock, "now", lambda: moved)
    assert 'id="error-code">invalid_request_uri<' in brought(suite, unused).text


@pytest.mark.parametrize(
    "uri", ["https://rp.example/object", "urn:ietf:params:oauth:request_uri:x"]
)
def test_par_reject_request_uri_in_par_authorization_form_params(
    suite: Application, uri: str
) -> None:
    refused = suite.push(request_uri=uri)
    assert (refused.status_code, error_of(refused)) == (400, "invalid_request")


def test_par_reject_invalid_http_verb(suite: Application) -> None:
    form = flow.request_for(suite.client)
    for method in ("PUT", "GET", "DELETE", "PATCH"):
        assert suite.browser.open("/oauth/par", method=method, data=form).status_code == 405


def test_par_pkce_is_required_by_s256_and_with_its_verifier(suite: Application) -> None:
    for verifier in ({"code_verifier": ""}, {"code_verifier": "x" * 43}):
        form = {
            "grant_type": "authorization_code",
            "code": code_of(suite),
            "redirect_uri": REDIRECT_URI,
            **verifier,
        }
        refused = suite.post(proving.TOKEN_ENDPOINT, form)
        assert refused.status_code == 400
        assert error_of(refused) in {"invalid_grant", "invalid_request"}
    plain = suite.push(code_challenge=flow.VERIFIER, code_challenge_method="plain")
    assert (plain.status_code, error_of(plain)) == (400, "invalid_request")


def test_par_with_and_without_duplicate_parameters(suite: Application) -> None:
    """What stands beside the name is what the suite repeats of it, or something else: no matter."""
    beside = {"response_type": "code", "scope": "openid email", "redirect_uri": REDIRECT_URI}
    for more in ({}, beside, {"state": "another", "nonce": "another", "prompt": "none"}):
        told = flow.answered(brought(suite, suite.push(), **more))
        assert told["state"] == "a state"
        answer = suite.redeem(told["code"]).get_json()
        assert (answer["scope"], flow.claims_of(answer["id_token"])["nonce"]) == (
            "openid",
            "a nonce",
        )


def test_ensure_unsigned_authorization_request_without_using_par_fails(suite: Application) -> None:
    request = urlencode(flow.request_for(suite.client))
    told = flow.answered(suite.browser.get(f"/oauth/authorize?{request}"))
    assert (told["error"], told["state"]) == ("invalid_request", "a state")


def test_dpop_negative_tests(suite: Application) -> None:
    """Those that tests/conformance/rfc9449 doesn't have, or has of other clients."""
    token = tokens_of(suite)["access_token"]
    upper = proving.USERINFO.replace("http", "HTTP").replace("localhost", "LOCALHOST")
    good: list[dict[str, Any]] = [
        {"address": f"{proving.USERINFO}?a=b#c"},
        {"address": upper},
        {"address": proving.USERINFO.replace("userinfo", "%75serinfo")},
        {"tx_id_key": "unheard of"},
    ]
    for changes in good:
        assert asked(suite, token, **changes).status_code == 200, changes
    bad: list[dict[str, Any]] = [
        {"address": f"{proving.USERINFO}/x"},
        {"method": "PUT"},
        {"ath": None},
        {"ath": proving.ath("x")},
        *({name: None} for name in ("jti", "htm", "htu", "iat")),
        {"iat": int(time.time()) + 3600},
        {"iat": int(time.time()) - 3600},
        {"nonce": "x"},
        {"nonce": None},
    ]
    for changes in bad:
        assert asked(suite, token, **changes).status_code == 401, changes
    assert asked(suite, token, "Bearer").status_code == 401
    assert asked(suite, token, jti="once").status_code == 200
    assert asked(suite, token, jti="once").status_code == 401


def test_dpop_negative_tests_of_the_header(suite: Application) -> None:
    """`typ`, `alg` and `jwk` left out or wrong, and a private key."""
    token = tokens_of(suite)["access_token"]
    good = {"typ": "dpop+jwt", "alg": "ES256", "jwk": suite.key.as_dict(private=False)}
    odd = [{name: value for name, value in good.items() if name != left} for left in good]
    odd += [{**good, "typ": "JWT"}, {**good, "alg": "none"}, {**good, "alg": "HS256"}]
    odd += [{**good, "jwk": suite.key.as_dict(private=True)}]
    for header, status in (*((each, 401) for each in odd), (good, 200)):
        nonce = nonces.current(clock.now())
        body = proving.claims("GET", proving.USERINFO, ath=proving.ath(token), nonce=nonce)
        shown = hostility.signed(header, body, suite.key)
        assert proving.userinfo(suite.browser, token, shown).status_code == status, header


def test_dpop_proofs_by_rs256_are_refused(suite: Application) -> None:
    key = a_key("PS256")
    rsa = Application(suite.browser, suite.client, key)
    for algorithm, status in (("RS256", 400), ("PS256", 200)):
        body = proving.claims("POST", proving.TOKEN_ENDPOINT, nonce=nonces.current(clock.now()))
        shown = proving.signed(body, key, alg=algorithm)
        assert rsa.own_token(proof=shown).status_code == status
