"""Clients, and what they are given."""

from typing import Any

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import clients
from idp.oauth.clients import ClientMetadata, RegisteredClient

REDIRECT_URI = "https://app.example/callback"
SECRET = "a client's secret with 256 bits of entropy"


def a_client(
    *,
    first_party: bool = False,
    client_id: str | None = None,
    secret: str = SECRET,
    **metadata: Any,
) -> RegisteredClient:
    """A confidential client with the usual grant types and scopes; RFC 7591 names override."""
    values: dict[str, Any] = {
        "client_name": "Segunda via",
        "redirect_uris": (REDIRECT_URI,),
        "grant_types": ("authorization_code", "refresh_token", "client_credentials"),
        "scope": "openid profile email phone address tax_id assurance grants offline_access",
        **metadata,
    }
    if values.get("token_endpoint_auth_method") == "none" and "grant_types" not in metadata:
        values["grant_types"] = ("authorization_code", "refresh_token")
    if "authorization_code" not in values["grant_types"]:
        values["redirect_uris"] = ()
    client, _secret = clients.register(
        ClientMetadata(**values),
        first_party=first_party,
        by=SYSTEM,
        at=clock.now(),
        client_id=client_id,
        secret=secret,
    )
    db.session.commit()
    return client


def a_public_client(**metadata: Any) -> RegisteredClient:
    """A browser application without a secret."""
    return a_client(token_endpoint_auth_method="none", **metadata)


def a_resource_server(**metadata: Any) -> RegisteredClient:
    """An API that may introspect tokens for the issuer, or for the `resources` that are its own."""
    return a_client(
        **{
            "client_name": "Billing API",
            "grant_types": ("client_credentials",),
            "introspect": True,
            **metadata,
        }
    )
