"""What happened with a grant, in plain words, from the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from idp.audit import Event, history_of
from idp.audit.models import AuditEvent
from idp.grants.labels import LEVELS
from idp.grants.models import Grant, Level

SHOWN = 50
# To the parties; what applications did by the grant is many times as much, and told elsewhere.
OF_INTEREST = (
    Event.INVITATION_ACCEPTED,
    Event.GRANT_ISSUED,
    Event.GRANT_PASSED_ON,
    Event.GRANT_LEVEL_CHANGED,
    Event.GRANT_NARROWED,
    Event.GRANT_REVOKED,
    Event.GRANT_RENOUNCED,
    Event.GRANT_EXPIRED,
    Event.GRANT_ENDED,
    Event.GRANT_CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: when, what, and by whom."""

    at: datetime
    what: str
    who: str


def entries_of(grant: Grant, links: Sequence[Grant], *, reader: str) -> list[Entry]:
    """The latest entries first; `reader` is the public id of the account that reads them.

    `links` are those from the holder down to `grant`. Who is party to none of them acted for the
    holder: nobody else may do anything with a grant.
    """
    events = history_of("grant", grant.public_id, limit=SHOWN, among=OF_INTEREST)
    parties = [party for link in links for party in (link.granted_by, link.grantee) if party]
    names = {party.public_id: party.name for party in parties} | {reader: _("You")}
    return [
        Entry(event.at, what, _who(event.actor, names, grant.holder.name))
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
    if event.event == Event.GRANT_LEVEL_CHANGED:
        return _("From now on: %(level)s", level=LEVELS[Level(event.data["level"])])
    sentences = {
        Event.INVITATION_ACCEPTED: _("Invitation accepted"),
        Event.GRANT_ISSUED: _("Access began"),
        Event.GRANT_PASSED_ON: _("Looked after by a new representative from now on"),
        Event.GRANT_REVOKED: _("Access taken back"),
        Event.GRANT_RENOUNCED: _("Access given up"),
        Event.GRANT_EXPIRED: _("Access expired: its end date came"),
        Event.GRANT_ENDED: _("Access ended: the installations changed holder"),
        Event.GRANT_CANCELLED: _("Access ended: an account was closed"),
    }
    return next((text for kind, text in sentences.items() if kind == event.event), "")


def _who(actor: str, names: dict[str, str], holder: str) -> str:
    kind, _colon, reference = actor.partition(":")
    if kind == "staff":
        return _("Customer service")
    if kind != "account":
        return _("Automatic")
    return names.get(reference, holder)
