"""idpyoidc, the relying party behind several certified products: it registers itself, and does
what else its classes know."""

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from idpyoidc.client.claims.oidc import Claims
from idpyoidc.client.oauth2.stand_alone_client import backchannel_logout
from idpyoidc.client.rp_handler import RPHandler

from demo.stack import free_port
from idp.oauth.clients.json_metadata import DEFAULT_SCOPE
from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import REDIRECT_URI
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.person import Person
from tests.serving import serving

CLASSES = {
    "discovery": "provider_info_discovery.ProviderInfoDiscovery",
    "registration": "registration.Registration",
    "authorization": "authorization.Authorization",
    "access_token": "access_token.AccessToken",
    "refresh": "refresh_access_token.RefreshAccessToken",
    "userinfo": "userinfo.UserInfo",
    "end_session": "end_session.EndSession",
}
AFTER_LOGOUT = "https://app.example/bye"
PKCE = {
    "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
    "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
}


def invited(token: str) -> Callable[..., requests.Response]:
    """Its HTTP client, which adds to a registration what it has no words for: the initial access
    token, and the addresses after logging out."""

    def ask(method: str, url: str, **options: Any) -> requests.Response:
        if url.endswith("/oauth/register"):
            bearer = {"Authorization": f"Bearer {token}"}
            options["headers"] = {**options["headers"], **bearer}
            metadata = {**json.loads(options["data"]), "post_logout_redirect_uris": [AFTER_LOGOUT]}
            options["data"] = json.dumps(metadata)
        return requests.request(method, url, **options)  # noqa: S113 - it brings its own timeout

    return ask


def a_party(provider: Provider, backchannel_logout_uri: str) -> RPHandler:
    """One that knows the issuer and finds out the rest."""
    configuration: dict[str, Any] = {
        "issuer": provider.issuer,
        "client_name": "Bills",
        "redirect_uris": [REDIRECT_URI],
        "backchannel_logout_uri": backchannel_logout_uri,
        "client_type": "oidc",
        "preference": {
            "response_types_supported": ["code"],
            "scopes_supported": [DEFAULT_SCOPE],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "userinfo_signing_alg_values_supported": ["ES256"],
        },
        "add_ons": {"pkce": PKCE},
        "services": {
            name: {"class": f"idpyoidc.client.oidc.{path}"} for name, path in CLASSES.items()
        },
    }
    return RPHandler(
        base_url="https://app.example",
        client_configs={"outorga": configuration},
        httpc=invited(provider.invitation()),
        httpc_params={"verify": str(provider.tls.authority), "timeout": 5},
    )


def signed_in(party: RPHandler, person: Person, issuer: str) -> dict[str, Any]:
    """What it knows of the person in the end."""
    address = party.begin(issuer_id="outorga", req_args={"scope": ["openid", "profile"]})
    answer = dict(parse_qsl(urlsplit(person.walk(address)).query))
    done = dict(party.finalize(issuer, answer))
    assert "error" not in done, done
    return done


class Told:
    """Where a relying party hears of ended sessions."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> list[bytes]:
        length = int(environ["CONTENT_LENGTH"])
        self.bodies.append(environ["wsgi.input"].read(length).decode())
        start_response("200 OK", [("Content-Length", "0")])
        return []


@pytest.fixture(autouse=True)
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes keys of its own where it stands, and takes the registered scope for one word."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Claims._supports, "scopes_supported", [DEFAULT_SCOPE])


@pytest.fixture
def told() -> Iterator[tuple[str, Told]]:
    """Its address, and what arrived."""
    port, told = free_port(), Told()
    with serving(told, port):
        yield f"http://localhost:{port}/logout", told


def test_it_registers_signs_in_reads_the_claims_and_signs_out(
    provider: Provider, guest: Person, told: tuple[str, Told]
) -> None:
    party = a_party(provider, told[0])
    done = signed_in(party, guest, provider.issuer)
    assert done["userinfo"]["sub"] == done["id_token"]["sub"] == JOAO
    assert done["userinfo"]["name"] == "João Souza"
    client = party.issuer2rp[provider.issuer]
    assert client.get_context().registration_response["userinfo_signed_response_alg"] == "ES256"
    out = party.logout(done["state"], post_logout_redirect_uri=AFTER_LOGOUT)
    assert guest.goes_to(out["url"]).startswith(AFTER_LOGOUT)


def test_it_believes_what_it_is_told_of_ended_sessions(
    provider: Provider, maria: Person, told: tuple[str, Told]
) -> None:
    party = a_party(provider, told[0])
    done = signed_in(party, maria, provider.issuer)
    assert HTTPStatus.OK in provider.end_sessions(MARIA)
    (body,) = told[1].bodies
    assert backchannel_logout(party.issuer2rp[provider.issuer], body) == done["state"]
