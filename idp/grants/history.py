"""What happened with a grant, in plain words, from the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from idp.audit import Event, history_of
from idp.audit.models import AuditEvent
from idp.grants.models import Grant

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, what, and by whom."""

    at: datetime
    what: str
    who: str


def entries_of(grant: Grant, *, reader: str) -> list[Entry]:
    """The latest entries first; `reader` is the public id of the account that reads them."""
    events = history_of("grant", grant.public_id, limit=SHOWN)
    return [
        Entry(event.at, what, _who(event.actor, grant, reader))
        for event in events
        if (what := _what(event))
    ]


def _what(event: AuditEvent) -> str:
    """The sentence, or nothing for a step that is of no interest to the parties."""
    if event.event == Event.GRANT_NARROWED:
        number = int(event.data.get("installations", 1))
        return ngettext(
            "Access to %(num)s installation ended", "Access to %(num)s installations ended", number
        )
    sentences = {
        Event.INVITATION_ACCEPTED: _("Invitation accepted"),
        Event.GRANT_ISSUED: _("Access began"),
        Event.GRANT_LEVEL_CHANGED: _("Level of access changed"),
        Event.GRANT_REVOKED: _("Access taken back"),
        Event.GRANT_RENOUNCED: _("Access given up"),
        Event.GRANT_EXPIRED: _("Access expired: its end date came"),
        Event.GRANT_ENDED: _("Access ended: the installations changed holder"),
        Event.GRANT_CANCELLED: _("Access ended: an account was closed"),
    }
    return next((text for kind, text in sentences.items() if kind == event.event), "")


def _who(actor: str, grant: Grant, reader: str) -> str:
    kind, _colon, reference = actor.partition(":")
    if kind == "staff":
        return _("Customer service")
    if kind != "account":
        return _("Automatic")
    if reference == reader:
        return _("You")
    for party in (grant.granted_by, grant.grantee):
        if party is not None and party.public_id == reference:
            return party.name
    return _("Somebody else")
