"""Authlib's own client: discovery, code flow with PKCE, ID Token, UserInfo, refresh, revocation."""

import time

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import REDIRECT_URI
from tests.oauth.interop.conftest import SCOPE, Provider
from tests.oauth.interop.person import Person

VERIFIER = "a-code-verifier-of-at-least-43-characters-in-length"


def test_a_confidential_client_reads_who_signed_in_and_for_whom(
    provider: Provider, guest: Person
) -> None:
    metadata = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).json()
    with OAuth2Session(
        provider.confidential.client_id,
        provider.secret,
        scope=SCOPE,
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
    ) as session:
        address, state = session.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=VERIFIER, nonce="n"
        )
        token = session.fetch_token(
            metadata["token_endpoint"],
            authorization_response=guest.walk(address),
            state=state,
            code_verifier=VERIFIER,
        )
        keys = KeySet.import_key_set(session.get(metadata["jwks_uri"], withhold_token=True).json())
        read = jwt.decode(token["id_token"], keys, ["RS256"])
        claims = CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"value": provider.issuer}, "aud": {"value": provider.confidential.client_id}},
            {"nonce": "n", "access_token": token["access_token"]},
        )
        claims.validate(now=int(time.time()))
        told = session.get(metadata["userinfo_endpoint"]).json()
        assert claims["sub"] == told["sub"] == JOAO
        (grant,) = claims["grants"]
        assert (grant["holder"], grant["installations"]) == (MARIA, [provider.installation])
        assert told["name"] == "João Souza"
        renewed = session.refresh_token(metadata["token_endpoint"])
        assert renewed["access_token"] != token["access_token"]
        revoked = session.revoke_token(
            metadata["revocation_endpoint"], token=renewed["refresh_token"]
        )
        assert revoked.status_code == 200
        assert session.get(metadata["userinfo_endpoint"]).status_code == 401
