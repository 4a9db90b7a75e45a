"""idpyoidc, the relying party behind several certified products."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from idpyoidc.client.rp_handler import RPHandler

from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import REDIRECT_URI
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.person import Person


def handler(provider: Provider) -> RPHandler:
    """A relying party that knows the issuer and finds out the rest."""
    configuration: dict[str, Any] = {
        "issuer": provider.issuer,
        "client_id": provider.confidential.client_id,
        "client_secret": provider.secret,
        "redirect_uris": [REDIRECT_URI],
        "client_type": "oidc",
        "preference": {
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "tax_id", "grants"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256"],
        },
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
            }
        },
        "services": {
            "discovery": {
                "class": "idpyoidc.client.oidc.provider_info_discovery.ProviderInfoDiscovery"
            },
            "authorization": {"class": "idpyoidc.client.oidc.authorization.Authorization"},
            "access_token": {"class": "idpyoidc.client.oidc.access_token.AccessToken"},
            "refresh": {"class": "idpyoidc.client.oidc.refresh_access_token.RefreshAccessToken"},
            "userinfo": {"class": "idpyoidc.client.oidc.userinfo.UserInfo"},
        },
    }
    return RPHandler(
        base_url="https://app.example",
        client_configs={"outorga": configuration},
        httpc_params={"verify": str(provider.tls.authority)},
    )


def test_it_completes_the_flow_and_reads_the_claims(
    provider: Provider, guest: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # it writes keys of its own where it stands
    party = handler(provider)
    address = party.begin(issuer_id="outorga")
    answer = dict(parse_qsl(urlsplit(guest.walk(address)).query))
    done = party.finalize(provider.issuer, answer)
    assert "error" not in done, done
    assert done["userinfo"]["sub"] == JOAO
    assert done["id_token"]["sub"] == JOAO
    assert done["id_token"]["grants"][0]["holder"] == MARIA
