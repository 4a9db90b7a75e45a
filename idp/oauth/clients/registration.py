"""Clients that register and manage themselves (RFC 7591, RFC 7592, OpenID Connect Registration)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from idp.audit import Actor
from idp.extensions import db
from idp.identifiers import digest, secret_token
from idp.oauth.clients import invitations, registered, secrets
from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.clients.models import ClientInvitation
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.models import Client

ITSELF = Actor("system", "registration")
OURS_TO_SAY = (  # RFC 7592 section 2.2: never in an update
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
)


@dataclass(frozen=True, slots=True)
class Registration:
    """A client with what it is told: `secret` only when it is new, since a hash alone is kept."""

    client_id: str
    metadata: ClientMetadata
    created_at: datetime
    token: str  # that it manages itself with
    secret: str | None


def register(
    invitation: ClientInvitation, metadata: ClientMetadata, *, at: datetime
) -> Registration:
    """Raises `InvalidToken` when the invitation was used up meanwhile."""
    invitations.spend(invitation, at)
    client, secret = registered.register(metadata, by=ITSELF, at=at)
    token = secret_token()
    row = db.session.get_one(Client, client.key)
    row.invitation_id, row.management_hash = invitation.id, digest(token)
    db.session.flush()
    return Registration(client.client_id, metadata, at, token, secret)


def find(client_id: str, token: str) -> Client | None:
    """The client that this registration access token manages, if it is in use."""
    row = db.session.scalar(
        select(Client).where(Client.client_id == client_id, Client.disabled_at.is_(None))
    )
    if row is None or row.management_hash is None:
        return None
    return row if hmac.compare_digest(digest(token), row.management_hash) else None


def shown(row: Client, token: str) -> Registration:
    """What the client is told about itself."""
    metadata = ClientMetadata.from_json(row.metadata_)
    return Registration(row.client_id, metadata, row.created_at, token, secret=None)


def check_update(row: Client, body: Mapping[str, Any]) -> None:
    """Raises `InvalidClientMetadata` unless `body` speaks of this client (RFC 7592 section 2.2)."""
    if body.get("client_id") != row.client_id:
        raise InvalidClientMetadata(field="client_id")
    for name in OURS_TO_SAY:
        if name in body:
            raise InvalidClientMetadata(field=name)
    secret = str(body.get("client_secret", ""))
    if "client_secret" in body and not (secret.isprintable() and secrets.is_of(row, secret)):
        raise InvalidClientMetadata(field="client_secret")


def change(row: Client, metadata: ClientMetadata, token: str) -> Registration:
    """Replace all metadata; a secret is made anew only when the old one is of no use."""
    secret = registered.change(row, metadata, by=Actor("client", row.client_id))
    return Registration(row.client_id, metadata, row.created_at, token, secret)


def remove(row: Client, *, at: datetime) -> None:
    """It is as if it had never been: its tokens, too, end at once."""
    registered.disable(row.client_id, by=Actor("client", row.client_id), at=at)
    row.management_hash = None
    db.session.flush()
