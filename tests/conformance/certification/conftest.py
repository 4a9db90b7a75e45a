"""The suite's clients: one that was registered by hand, one that registered itself."""

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from idp import clock
from tests.browsing import sign_in_as
from tests.conformance.certification.relying_party import BYE, REDIRECT_URI, RelyingParty
from tests.factories.accounts import an_account
from tests.factories.oauth import SECRET, a_client
from tests.factories.registration import an_agency
from tests.oauth.clients.registering import an_invitation, bearer
from tests.outbound.conftest import asking, certificates, host, names
from tests.outbound.conftest import clock as cache_clock

__all__ = ["asking", "cache_clock", "certificates", "host", "names"]

OFFERED = "openid profile email phone address offline_access"
KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


def registering(**members: Any) -> dict[str, Any]:
    """What the suite's client says of itself: no scope, no algorithms, nothing of PKCE."""
    return {
        "client_name": "OIDF Conformance Suite",
        "grant_types": ["authorization_code", "refresh_token"],
        "jwks": {"keys": [KEY.as_dict(private=False)]},
        "token_endpoint_auth_method": "client_secret_basic",
        "response_types": ["code"],
        "redirect_uris": [REDIRECT_URI],
        "contacts": ["certification@oidf.org"],
        **members,
    }


@pytest.fixture
def initial_access_token() -> str:
    """From `idp clients invite --without-pkce --unsigned-requests`."""
    return an_invitation(uses=5, without_pkce=True, unsigned_requests=True)


@pytest.fixture(params=["by hand, query", "by itself, form_post"])
def party(
    client: FlaskClient, initial_access_token: str, request: pytest.FixtureRequest
) -> RelyingParty:
    """A client without PKCE, and somebody signed in of whom everything is known."""
    account = an_agency(an_account(mobile="+5511987654321"))
    sign_in_as(client, account, authenticated_at=clock.now() - timedelta(hours=1))
    if request.param == "by hand, query":
        known = a_client(
            redirect_uris=(REDIRECT_URI,),
            post_logout_redirect_uris=(BYE,),
            scope=OFFERED,
            require_pkce=False,
            request_object_signing_alg="none",
        )
        return RelyingParty(client, account, known.client_id, quote_plus(SECRET))
    body = registering(post_logout_redirect_uris=[BYE])
    answer = client.post("/oauth/register", json=body, headers=bearer(initial_access_token))
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    return RelyingParty(client, account, told["client_id"], told["client_secret"], "form_post")


def unsigned(claims: dict[str, str]) -> str:
    """A request object by the algorithm `none`."""
    parts = ({"alg": "none"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts)
    return b".".join((*encoded, b"")).decode()
