"""A client that holds a key: what it writes into its DPoP proofs (RFC 9449 section 4.2)."""

import base64
import hashlib
import json
import secrets
from typing import Any

from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from werkzeug.test import TestResponse

from idp import clock
from idp.oauth.clients import RegisteredClient
from tests.factories.oauth import REDIRECT_URI
from tests.oauth import flow

TOKEN_ENDPOINT = f"{flow.ISSUER}/oauth/token"
USERINFO = f"{flow.ISSUER}/oauth/userinfo"
THUMBPRINT_LENGTH = 43


class Anything(JWSRegistry):
    """Signs by any algorithm, however foolish, with whatever in the header."""

    max_header_length = 10_000

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


def a_key(algorithm: str = "ES256") -> Key:
    """A new key pair."""
    if algorithm == "ES256":
        return ECKey.generate_key("P-256")
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519")
    return RSAKey.generate_key(2048)


def ath(token: str) -> str:
    """The hash of an access token."""
    digest = hashlib.sha256(token.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def claims(method: str, address: str, **changes: Any) -> dict[str, Any]:
    """Of a good proof; None leaves a claim out."""
    values = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": address,
        "iat": int(clock.now().timestamp()),
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def signed(body: Any, key: Key, *, by: Key | None = None, **header: Any) -> str:
    """A proof with this body that carries `key`, signed with it or with another; None leaves a
    parameter of the header out."""
    values = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False), **header}
    values = {name: value for name, value in values.items() if value is not None}
    registry = Anything(strict_check_header=False)
    return jws.serialize_compact(values, json.dumps(body), by or key, registry=registry)


def proof(
    key: Key,
    method: str = "POST",
    address: str = TOKEN_ENDPOINT,
    *,
    token: str | None = None,
    algorithm: str = "ES256",
    **changes: Any,
) -> str:
    """A proof as a client makes it, for `token` if it shows one."""
    made_for = {"ath": ath(token)} if token else {}
    body = claims(method, address, **made_for, **changes)
    return signed(body, key, alg=algorithm)


def userinfo(
    browser: FlaskClient, token: str, proof: str | None, scheme: str = "DPoP"
) -> TestResponse:
    """Ask for the claims with a token and a proof."""
    headers = {"Authorization": f"{scheme} {token}"}
    return browser.get(
        "/oauth/userinfo", headers=headers | ({"DPoP": proof} if proof is not None else {})
    )


def ask_token(
    browser: FlaskClient, client: RegisteredClient, proof: str | None, **form: str
) -> TestResponse:
    """Ask the token endpoint as this client with a proof."""
    headers = {"DPoP": proof} if proof is not None else {}
    if client.metadata.is_public:
        form = {"client_id": client.client_id, **form}
    else:
        headers |= flow.basic(client)
    return browser.post("/oauth/token", data=form, headers=headers)


def exchange(
    browser: FlaskClient, client: RegisteredClient, code: str, proof: str | None, **changes: str
) -> TestResponse:
    """A code for tokens."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": flow.VERIFIER,
        **changes,
    }
    return ask_token(browser, client, proof, **form)


def tokens_for(
    browser: FlaskClient, client: RegisteredClient, key: Key, **changes: str | None
) -> dict[str, Any]:
    """The whole flow: what the token endpoint gives, bound to `key`."""
    code = flow.code_for(browser, client, **changes)
    response = exchange(browser, client, code, proof(key))
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def refresh(
    browser: FlaskClient, client: RegisteredClient, token: str, proof: str | None
) -> TestResponse:
    """A refresh token for new tokens."""
    return ask_token(browser, client, proof, grant_type="refresh_token", refresh_token=token)
