"""The client that the OpenID Foundation's conformance suite plays, and what it checks each time.

It is registered by hand or registers itself as the suite does, knows nothing of PKCE, sends a state
of 128 characters, and is answered in the address or by a form.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from idp.accounts.models import Account
from tests import browsing
from tests.conformance.oidc_form_post.test_oidc_form_post import form_of
from tests.oauth import flow

REDIRECT_URI = "https://suite.example/test/a/outorga/callback"
BYE = "https://suite.example/test/a/outorga/post_logout_redirect"
SKEW = 300  # seconds that the suite allows
Claims = dict[str, Any]


@dataclass
class RelyingParty:
    """One client of the suite, and the browser of the person who tests."""

    browser: FlaskClient
    account: Account
    client_id: str
    secret: str
    mode: str = "query"  # or form_post
    redirect_uri: str = REDIRECT_URI
    state: str = field(default_factory=lambda: secrets.token_hex(64))
    nonce: str = field(default_factory=secrets.token_urlsafe)

    def request(self, **changes: str | None) -> dict[str, str]:
        """Parameters; None leaves one out."""
        values: dict[str, str | None] = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": self.state,
            "nonce": self.nonce,
            "response_type": "code",
            "response_mode": "form_post" if self.mode == "form_post" else None,
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}

    def open(self, **changes: str | None) -> TestResponse:
        """Send the browser; whoever is asked agrees."""
        return self.agreed(
            self.browser.get(f"/oauth/authorize?{urlencode(self.request(**changes))}")
        )

    def agreed(self, page: TestResponse) -> TestResponse:
        asked = page.status_code == 200 and 'name="decision"' in page.text
        return flow.agree(self.browser, page) if asked else page

    def after_sign_in(self, sent: TestResponse) -> TestResponse:
        """Sign in where `sent` leads to the sign-in page, and go on."""
        location = urlsplit(sent.headers["Location"])
        assert location.path == "/login", sent.headers["Location"]
        assert 'name="password"' in self.browser.get(sent.headers["Location"]).text
        browsing.sign_in_as(self.browser, self.account)
        return self.agreed(self.browser.get(parse_qs(location.query)["next"][0]))

    def answer(self, response: TestResponse) -> dict[str, str]:
        """What came back, by this client's response mode, with the state as it was and our name."""
        if self.mode == "form_post":
            form = form_of(response)
            assert (form.action, form.method) == (self.redirect_uri, "post")
            told = form.fields
        else:
            assert response.status_code == 303, (response.status_code, response.text[:500])
            location = response.headers["Location"]
            assert location.startswith(self.redirect_uri), location
            told = {name: each[0] for name, each in parse_qs(urlsplit(location).query).items()}
        assert (told["state"], told["iss"]) == (self.state, flow.ISSUER)
        return told

    def error(self, response: TestResponse) -> str:
        """The error that came back, and nothing that doesn't belong to one."""
        told = self.answer(response)
        assert set(told) <= {"error", "error_description", "state", "iss"}, told
        return told["error"]

    def ask_token(self, **form: str) -> TestResponse:
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return self.browser.post(
            "/oauth/token", data=form, headers={"Authorization": f"Basic {pair}"}
        )

    def redeem(self, code: str, **changes: str) -> TestResponse:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        return self.ask_token(**form, **changes)

    def signed_in(self, **changes: str | None) -> Claims:
        """The whole way: the token answer, everything checked that is in it."""
        answer = self.redeem(self.answer(self.open(**changes))["code"])
        return self.checked(answer, nonce=changes.get("nonce", self.nonce))

    def checked(self, answer: TestResponse, *, nonce: str | None) -> Claims:
        assert answer.status_code == 200, answer.text
        assert answer.content_type == "application/json"
        assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == (
            "no-store",
            "no-cache",
        )
        tokens: Claims = answer.get_json()
        assert tokens["token_type"] == "Bearer"
        assert type(tokens["expires_in"]) is int
        self.check_id_token(tokens, nonce)
        return tokens

    def check_id_token(self, tokens: Claims, nonce: str | None) -> None:
        """Signed by RS256 with a key that is published under its `kid` (Core 3.1.3.7)."""
        published = KeySet.import_key_set(self.browser.get("/oauth/jwks").get_json())
        signed = jws.deserialize_compact(tokens["id_token"], published, ["RS256"])
        assert signed.headers()["kid"] in {key.kid for key in published.keys}
        claims = json.loads(signed.payload)
        assert (claims["iss"], claims["aud"]) == (flow.ISSUER, self.client_id)
        assert claims.get("nonce") == nonce
        now = time.time()
        assert abs(claims["iat"] - now) < SKEW
        assert claims["exp"] > now
        assert all(type(claims[name]) is int for name in ("iat", "exp", "auth_time"))
        assert isinstance(claims["acr"], str)
        half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
        assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
        told = self.userinfo(tokens)
        assert told["sub"] == claims["sub"]

    def userinfo(self, tokens: Claims) -> Claims:
        """UserInfo by GET; each claim of the kind that Core section 5.1 gives it."""
        answer = flow.userinfo(self.browser, tokens["access_token"])
        assert (answer.status_code, answer.content_type) == (200, "application/json"), answer.text
        told: Claims = answer.get_json()
        check_kinds(told)
        return told


def check_kinds(told: Claims) -> None:
    """Nothing is empty or null (Core section 5.3.2), and each is of its kind."""
    for name, value in told.items():
        if name.endswith("_verified"):
            assert type(value) is bool, name
        elif name in ("address", "tax_id"):
            assert value, name
            assert all(isinstance(each, str) and each.strip() for each in value.values()), name
        elif name == "updated_at":
            assert type(value) is int, name
        elif name != "grants":
            assert isinstance(value, str), name
            assert value.strip(), name


def claims_of(tokens: Claims) -> Claims:
    """Of the ID Token, which `checked` has verified."""
    return flow.claims_of(tokens["id_token"])
