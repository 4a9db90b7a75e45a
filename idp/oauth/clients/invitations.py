"""Initial access tokens (RFC 7591 section 1.2): who may register clients, and with what."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import delete, exists, select, update

from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import digest, public_id, secret_token
from idp.oauth.clients.json_metadata import ORDINARY_SCOPES
from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.clients.models import ClientInvitation
from idp.oauth.errors import InvalidClientMetadata, InvalidToken
from idp.oauth.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a client that registers itself may have beyond what any may."""

    scope: tuple[str, ...] = ()  # `grant_uses`, and resource servers' own
    resources: tuple[str, ...] = ()
    introspect: bool = False
    act_aware: bool = False
    single_holder: bool = False
    without_pkce: bool = False
    unsigned_requests: bool = False  # request objects without a signature, where it names none

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `asdict` gave; members of a later version are passed over."""
        known = {each.name for each in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data.items()
            if name in known
        }
        return cls(**values)

    def check(self, metadata: ClientMetadata) -> None:
        """Raises `InvalidClientMetadata` naming what goes beyond it."""
        if not {*metadata.scope.split()} <= ORDINARY_SCOPES | {*self.scope}:
            raise InvalidClientMetadata(field="scope")
        if not {*metadata.resources} <= {*self.resources}:
            raise InvalidClientMetadata(field="resources")
        for name in ("introspect", "act_aware", "single_holder"):
            if getattr(metadata, name) and not getattr(self, name):
                raise InvalidClientMetadata(field=name)
        if not metadata.require_pkce and not self.without_pkce:
            raise InvalidClientMetadata(field="require_pkce")


NOTHING_MORE = Allowance()


def invite(
    allowance: Allowance, *, note: str, uses: int, life: timedelta, by: Actor, at: datetime
) -> tuple[ClientInvitation, str]:
    """A new initial access token, which can't be read again."""
    token = secret_token()
    row = ClientInvitation(
        public_id=public_id("n"),
        token_hash=digest(token),
        note=note,
        allowance=asdict(allowance),
        uses_left=uses,
        created_at=at,
        expires_at=at + life,
    )
    db.session.add(row)
    db.session.flush()
    record(Event.CLIENT_INVITED, by=by, registration=row.public_id, uses=uses)
    return row, token


def find(token: str, at: datetime) -> ClientInvitation | None:
    """The invitation, if clients can still be registered with it."""
    return db.session.scalar(
        select(ClientInvitation).where(
            ClientInvitation.token_hash == digest(token),
            ClientInvitation.uses_left > 0,
            ClientInvitation.expires_at > at,
        )
    )


def allowance_of(invitation_id: int | None) -> Allowance:
    """Of a client that was registered with this invitation."""
    row = db.session.get(ClientInvitation, invitation_id) if invitation_id else None
    return Allowance.from_json(row.allowance) if row else NOTHING_MORE


def spend(invitation: ClientInvitation, at: datetime) -> None:
    """Use it once more; raises `InvalidToken` when somebody else was faster."""
    left = db.session.scalar(
        update(ClientInvitation)
        .where(
            ClientInvitation.id == invitation.id,
            ClientInvitation.uses_left > 0,
            ClientInvitation.expires_at > at,
        )
        .values(uses_left=ClientInvitation.uses_left - 1)
        .returning(ClientInvitation.uses_left)
    )
    if left is None:
        raise InvalidToken()


def withdraw(reference: str, *, at: datetime) -> bool:
    """No more clients with it; False if there is no such invitation in use."""
    statement = (
        update(ClientInvitation)
        .where(ClientInvitation.public_id == reference, ClientInvitation.expires_at > at)
        .values(expires_at=at)
        .returning(ClientInvitation.id)
    )
    return db.session.scalar(statement) is not None


def purge(at: datetime) -> int:
    """Drop those that are over and that no client was registered with; returns how many."""
    is_used = exists().where(Client.invitation_id == ClientInvitation.id)
    gone = delete(ClientInvitation).where(ClientInvitation.expires_at < at, ~is_used)
    return db.session.connection().execute(gone).rowcount
