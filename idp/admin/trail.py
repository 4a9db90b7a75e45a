"""Read the trail: everything, one kind of event, or what concerns one thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select

from idp.admin.newest import PER_PAGE
from idp.admin.reading import History, with_names
from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.extensions import db

KINDS = frozenset(event.value for event in Event)
MAXIMUM_REFERENCE = 64


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty parts do not narrow anything."""

    event: str = ""
    account: str = ""
    grant: str = ""
    invitation: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self:
        """What an address asks for; a kind that doesn't exist is left out."""
        event = arguments.get("event", "")
        return cls(
            event=event if event in KINDS else "",
            account=_reference(arguments, "account"),
            grant=_reference(arguments, "grant"),
            invitation=_reference(arguments, "invitation"),
        )

    def arguments(self) -> dict[str, str]:
        """The same for an address, without the empty parts."""
        parts = {name: getattr(self, name) for name in ("event", "account", "grant", "invitation")}
        return {name: value for name, value in parts.items() if value}


def read_trail(wanted: Filter, *, before: int | None = None) -> History:
    """A page of events, newest first."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(PER_PAGE + 1)
    for name, value in wanted.arguments().items():
        query = query.where(AuditEvent.__table__.c[name] == value)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    return with_names(db.session.scalars(query).all(), PER_PAGE)


def _reference(arguments: Mapping[str, str], name: str) -> str:
    return arguments.get(name, "").replace("\x00", "").strip()[:MAXIMUM_REFERENCE]
