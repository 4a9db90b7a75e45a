"""Dynamic OP: the modules of the plan for a client that registers itself, with private_key_jwt.

Two things that the plan wants are refused here on purpose: see the last tests.
"""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jws, jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.test import TestResponse

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth.keys import rotation
from tests import browsing
from tests.browsing import sign_in_as
from tests.conformance.certification.conftest import KEY, registering, unsigned
from tests.conformance.certification.relying_party import REDIRECT_URI, RelyingParty, claims_of
from tests.factories.accounts import an_account
from tests.oauth import flow
from tests.oauth.clients.registering import bearer
from tests.oauth.clients.signing import TYPE, jwks
from tests.outbound.conftest import Clock
from tests.outbound.servers import Host, saying

pytestmark = pytest.mark.usefixtures("asking")
Register = Callable[..., "Registered"]


class Registered(RelyingParty):
    """A client that signs its assertions with its newest key."""

    key: RSAKey = KEY

    def ask_token(self, **form: str) -> TestResponse:
        return self.browser.post("/oauth/token", data={**self.assertion(), **form})

    def assertion(self, audience: str = flow.ISSUER) -> dict[str, str]:
        now = int(time.time())
        names = dict.fromkeys(("iss", "sub"), self.client_id)
        times = {"nbf": now, "iat": now, "exp": now + 60}
        claims = {**names, **times, "aud": audience, "jti": secrets.token_urlsafe()}
        header = {"alg": "RS256", "kid": self.key.kid}
        text = jwt.encode(header, claims, self.key, ["RS256"])
        return {"client_assertion_type": TYPE, "client_assertion": text}


@pytest.fixture
def said(client: FlaskClient, initial_access_token: str) -> Callable[..., TestResponse]:
    """What the registration endpoint answers to these members."""
    headers = bearer(initial_access_token)
    usual = {"token_endpoint_auth_method": "private_key_jwt"}

    def ask(**members: Any) -> TestResponse:
        body = registering(**{**usual, **members})
        body = {name: value for name, value in body.items() if value is not None}
        return client.post("/oauth/register", json=body, headers=headers)

    return ask


@pytest.fixture
def register(client: FlaskClient, said: Callable[..., TestResponse]) -> Register:
    """A client of the suite that registered itself, and somebody signed in."""
    account = an_account()
    sign_in_as(client, account)

    def made(**members: Any) -> Registered:
        answer = said(**members)
        assert (answer.status_code, answer.content_type) == (201, "application/json"), answer.text
        told = answer.get_json()
        uri = told["redirect_uris"][0]
        return Registered(client, account, told["client_id"], "", redirect_uri=uri)

    return made


def test_oidcc_server_and_what_the_registration_is_answered(
    said: Callable[..., TestResponse], register: Register, client: FlaskClient
) -> None:
    """Every member comes back, those with a default too; then the suite unregisters it."""
    told = said().get_json()
    assert registering(token_endpoint_auth_method="private_key_jwt").items() <= told.items()
    assert {
        "application_type": "web",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
        "require_auth_time": False,
    }.items() <= told.items()
    assert "client_secret" not in told
    secret = said(token_endpoint_auth_method="client_secret_basic").get_json()
    assert secret["client_secret"]
    assert secret["client_secret_expires_at"] == 0
    machine = said(grant_types=["client_credentials"], redirect_uris=[], response_types=[])
    assert (machine.status_code, machine.get_json()["response_types"]) == (201, [])
    register().signed_in()
    path = told["registration_client_uri"].removeprefix(flow.ISSUER)
    gone = client.delete(path, headers=bearer(told["registration_access_token"]))
    assert (gone.status_code, gone.data) == (204, b"")


def test_oidcc_idtoken_rs256_and_userinfo_rs256(register: Register) -> None:
    party = register(userinfo_signed_response_alg="RS256")
    code = party.answer(party.open())["code"]
    tokens = party.redeem(code).get_json()
    answer = flow.userinfo(party.browser, tokens["access_token"])
    assert answer.content_type == "application/jwt"
    published = KeySet.import_key_set(party.browser.get("/oauth/jwks").get_json())
    told = json.loads(jws.deserialize_compact(answer.text, published, ["RS256"]).payload)
    assert (told["iss"], told["aud"]) == (flow.ISSUER, party.client_id)
    assert told["sub"] == flow.claims_of(tokens["id_token"])["sub"]
    assert "nonce" not in told


def test_oidcc_ensure_redirect_uri_in_authorization_request(register: Register) -> None:
    party = register(redirect_uris=[REDIRECT_URI, f"{REDIRECT_URI}2"])
    page = party.open(redirect_uri=None)
    assert (page.status_code, "Location" in page.headers) == (400, False)


def test_oidcc_redirect_uri_query_ok_mismatch_and_added(register: Register) -> None:
    party = register(redirect_uris=[f"{REDIRECT_URI}?foo=bar"])
    assert party.answer(party.open())["foo"] == "bar"
    for wrong in ("?bar=foo", "", "?foo=bar&bar=foo"):
        page = party.open(redirect_uri=f"{REDIRECT_URI}{wrong}")
        assert (page.status_code, "Location" in page.headers) == (400, False)


def test_oidcc_redirect_uri_regfrag(said: Callable[..., TestResponse]) -> None:
    refused = said(redirect_uris=[f"{REDIRECT_URI}#foobar"])
    assert (refused.status_code, refused.content_type) == (400, "application/json")
    assert refused.get_json()["error"] == "invalid_redirect_uri"


def test_oidcc_registration_logo_policy_and_tos_uri(register: Register) -> None:
    shown = {
        "logo_uri": "https://suite.example/images/openid.png",
        "policy_uri": "https://suite.example/policy",
        "tos_uri": "https://suite.example/tos",
    }
    party = register(**shown)
    browsing.sign_out(party.browser)
    page = party.browser.get(party.open().headers["Location"])
    assert f'src="{shown["logo_uri"]}"' in page.text
    assert {shown["policy_uri"], shown["tos_uri"]} <= set(browsing.links_of(page))


def test_oidcc_registration_jwks_uri_and_refresh_token_rp_key_rotation(
    register: Register, host: Host, cache_clock: Clock
) -> None:
    host.behave = saying(json.dumps(jwks(KEY)).encode())
    party = register(jwks=None, jwks_uri=host.url("/client1_jwks"))
    tokens = party.signed_in(scope="openid offline_access", prompt="consent")
    party.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    host.behave = saying(json.dumps(jwks(party.key)).encode())
    cache_clock.now += 60  # the suite waits
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = party.ask_token(**form, scope="openid offline_access")
    assert answer.status_code == 200, answer.text


def test_oidcc_registration_sector_uri_and_sector_bad(
    said: Callable[..., TestResponse], host: Host
) -> None:
    members = {"subject_type": "pairwise", "sector_identifier_uri": host.url("/redirect_uris.json")}
    host.behave = saying(json.dumps([REDIRECT_URI]).encode())
    told = said(**members)
    assert told.status_code == 201, told.text
    host.behave = saying(json.dumps(["https://other.example/callback"]).encode())
    refused = said(**members)
    assert (refused.status_code, refused.content_type) == (400, "application/json")
    assert refused.get_json()["error"] == "invalid_client_metadata"


def test_oidcc_server_rotate_keys(client: FlaskClient, request: pytest.FixtureRequest) -> None:
    caches = client.application.extensions["oauth_caches"]
    request.addfinalizer(caches.clear)  # the new key is rolled back

    def published() -> set[str]:
        caches.clear()
        return {each["kid"] for each in client.get("/oauth/jwks").get_json()["keys"]}

    before = published()
    rotation.rotate("RS256", by=SYSTEM, at=clock.now())
    db.session.commit()
    assert before < published()


@pytest.mark.parametrize("signed", [False, True], ids=["unsigned", "signed-rs256"])
def test_oidcc_request_uri_unsigned_and_signed_rs256(
    register: Register, host: Host, *, signed: bool
) -> None:
    """Its fragment is part of the registered address, and of none that is asked."""
    address = host.url("/requesturi#aGFzaA")
    more = {"request_object_signing_alg": "RS256"} if signed else {}
    party = register(request_uris=[address], **more)
    claims = {**party.request(), "iss": party.client_id, "aud": flow.ISSUER}
    header = {"alg": "RS256", "kid": KEY.kid}
    text = jwt.encode(header, claims, KEY, ["RS256"]) if signed else unsigned(party.request())
    host.behave = saying(text.encode(), Content_Type="application/jwt")
    outside = ("client_id", "response_type", "scope", "redirect_uri")
    query = {**{name: claims[name] for name in outside}, "request_uri": address}
    sent = party.browser.get("/oauth/authorize", query_string=query)
    page = party.agreed(party.browser.get(sent.headers["Location"]))
    party.checked(party.redeem(party.answer(page)["code"]), nonce=party.nonce)
    assert [path for _method, path, _headers in host.asked] == ["/requesturi"]


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(register: Register) -> None:
    party = register()
    assert claims_of(party.signed_in())["aud"] == party.client_id


def test_refused_an_assertion_for_the_token_endpoints_address(register: Register) -> None:
    """The plan's other modules make it so. It could have been made for another server, who says
    that our token endpoint is its own."""
    party = register()
    form = {"grant_type": "authorization_code", "code": party.answer(party.open())["code"]}
    proof = party.assertion(f"{flow.ISSUER}/oauth/token")
    answer = party.browser.post(
        "/oauth/token", data={**form, **proof, "redirect_uri": party.redirect_uri}
    )
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_refused_implicit_which_discovery_endpoint_verification_wants(client: FlaskClient) -> None:
    """`id_token` and `id_token token` (Core section 15.2) would have to be among them."""
    document = client.get("/.well-known/openid-configuration").get_json()
    assert document["response_types_supported"] == ["code"]
    assert "implicit" not in document["grant_types_supported"]
