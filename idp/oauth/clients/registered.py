"""Registered applications: kept in the database, read from memory, named in RFC 7591's words."""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from authlib.oauth2.rfc6749 import ClientMixin, list_to_scope, scope_to_list
from flask import Flask, current_app
from sqlalchemy import select

from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import digest, public_id
from idp.oauth import caching, resources
from idp.oauth.clients import redirect_uris, secrets
from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.models import Client
from idp.oauth.scopes import OFFLINE

EXTENSION = "oauth_clients"
CLIENT_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")  # no colon: never somebody's subject (RFC 9068 5)


@dataclass(frozen=True, slots=True)
class RegisteredClient(ClientMixin):  # type: ignore[misc]
    """A client as the endpoints see it: immutable, shared by all threads."""

    key: int  # of its row
    client_id: str
    secret_hash: bytes | None  # None: it shows no secret
    sealed_secret: str | None  # of client_secret_jwt
    metadata: ClientMetadata
    first_party: bool

    def get_client_id(self) -> str:
        """For Authlib."""
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        """The registered one, if there is only one (RFC 6749 section 3.1.2.3)."""
        uris = self.metadata.redirect_uris
        return uris[0] if len(uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """`scope` if all of it is registered; if none is asked for everything registered but
        `offline_access`, which wants to be asked for; None is Authlib's word for invalid_scope."""
        if not scope:
            return " ".join(each for each in self.metadata.scope.split() if each != OFFLINE)
        asked = dict.fromkeys(scope_to_list(scope))
        return list_to_scope(list(asked)) if self.allowed_scopes.issuperset(asked) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether a request may name this address."""
        native = self.metadata.application_type == "native"
        return redirect_uris.is_registered(redirect_uri, self.metadata.redirect_uris, native=native)

    def check_client_secret(self, client_secret: str) -> bool:
        """In constant time; a public client has no secret that could be right."""
        return self.secret_hash is not None and hmac.compare_digest(
            digest(client_secret), self.secret_hash
        )

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """The one registered method, at every endpoint."""
        return method == self.metadata.token_endpoint_auth_method

    def check_response_type(self, response_type: str) -> bool:
        """For Authlib."""
        return response_type in self.metadata.response_types

    def check_grant_type(self, grant_type: str) -> bool:
        """For Authlib."""
        return grant_type in self.metadata.grant_types

    @property
    def allowed_scopes(self) -> frozenset[str]:
        """Every scope that it may ask for."""
        return frozenset(self.metadata.scope.split())

    def default_resource(self) -> str:
        """`aud` of an access token when the request names no resource (RFC 9068 section 3)."""
        resources = self.metadata.resources
        return resources[0] if resources else str(current_app.config["ISSUER"])

    def may_target(self, resource: str) -> bool:
        """Whether its tokens may be for `resource` (RFC 8707)."""
        return resource in self.metadata.resources or resources.is_ours(resource)


def init_app(app: Flask, caches: caching.Caches) -> None:
    """Keep clients in memory."""
    app.extensions[EXTENSION] = caches.add(_load)


def find(client_id: str) -> RegisteredClient | None:
    """The client in use under this id."""
    cache: caching.Cache[str, RegisteredClient] = current_app.extensions[EXTENSION]
    return cache.find(client_id) if CLIENT_ID.fullmatch(client_id) else None


def register(
    metadata: ClientMetadata,
    *,
    first_party: bool = False,
    by: Actor,
    at: datetime,
    client_id: str | None = None,
    secret: str | None = None,
) -> tuple[RegisteredClient, str | None]:
    """Add a client; returns it with its secret, which can't be read again (None: it has none).

    `client_id` and `secret` are for deployments that bring their own (and for the demo).
    Raises `InvalidClientMetadata` or `InvalidRedirectUri`.
    """
    metadata.check()
    client_id = client_id or public_id("c")
    if not CLIENT_ID.fullmatch(client_id):
        raise InvalidClientMetadata(field="client_id")
    row = Client(client_id=client_id, first_party=first_party, created_at=at)
    row.metadata_ = metadata.as_json()
    secret = secrets.keep(row, metadata, secret)
    db.session.add(row)
    db.session.flush()
    record(Event.CLIENT_CREATED, by=by, client=client_id, first_party=first_party)
    caching.changed()
    return _registered(row), secret


def row_of(client_id: str) -> Client | None:
    """Its row, in use or not."""
    return db.session.scalar(select(Client).where(Client.client_id == client_id))


def everyone() -> Iterator[Client]:
    """Every client there is, in the order of their registration."""
    yield from db.session.scalars(
        select(Client).order_by(Client.id).execution_options(yield_per=500)
    )


def change(row: Client, metadata: ClientMetadata, *, by: Actor) -> str | None:
    """Replace all metadata; returns a new secret where the old one is of no use any more.

    Raises `InvalidClientMetadata` or `InvalidRedirectUri`.
    """
    metadata.check()
    secret = None if secrets.fits(row, metadata) else secrets.keep(row, metadata)
    row.metadata_ = metadata.as_json()
    db.session.flush()
    record(Event.CLIENT_CHANGED, by=by, client=row.client_id)
    caching.changed()
    return secret


def disable(client_id: str, *, by: Actor, at: datetime) -> bool:
    """Refuse everything of this client from now on; False if there is none in use."""
    row = db.session.scalar(
        select(Client).where(Client.client_id == client_id, Client.disabled_at.is_(None))
    )
    if row is None:
        return False
    row.disabled_at = at
    record(Event.CLIENT_DISABLED, by=by, client=client_id)
    db.session.flush()
    caching.changed()
    return True


def _load(client_id: str) -> RegisteredClient | None:
    row = db.session.scalar(
        select(Client).where(Client.client_id == client_id, Client.disabled_at.is_(None))
    )
    return _registered(row) if row else None


def _registered(row: Client) -> RegisteredClient:
    return RegisteredClient(
        key=row.id,
        client_id=row.client_id,
        secret_hash=row.secret_hash,
        sealed_secret=row.sealed_secret,
        metadata=ClientMetadata.from_json(row.metadata_),
        first_party=row.first_party,
    )
