"""What the paper and its check page call things, in plain words."""

from datetime import datetime

from flask_babel import format_datetime, ngettext
from flask_babel import lazy_gettext as _

from idp.grants.labels import STATES
from idp.grants.models import Extent, Level, Relation, State
from idp.invitations.paper.record import Acceptance, Facts, Record
from idp.invitations.paper.situation import Situation
from idp.invitations.rules import Standing
from idp.pages.components import date_of, moment_of
from idp.terms import Terms

RELATIONS = {
    Relation.DELEGATE: _("Authorised person"),
    Relation.MANAGER: _("External manager"),
    Relation.COLLABORATOR: _("Collaborator of an external manager"),
    Relation.REPRESENTATIVE: _("Representative of the company"),
}
LEVELS = {
    Level.FULL: _("See everything, ask for services and make changes"),
    Level.READ_ONLY: _("See bills, consumption and data, without changing anything"),
}
STANDINGS = {
    Standing.OPEN: _("Awaits an answer"),
    Standing.ACCEPTED: _("Accepted"),
    Standing.DECLINED: _("Declined"),
    Standing.CANCELLED: _("Cancelled"),
    Standing.LAPSED: _("Lapsed"),
}
TERMS = {
    Terms.PERMISSION: _("Terms of access permission"),
    Terms.PLATFORM: _("Terms of use"),
}

Rows = list[tuple[str, str]]


def extent_of(facts: Facts) -> str:
    """Which installations."""
    if facts.extent is Extent.EVERYTHING and facts.is_passed_on:
        return str(_("All that whoever sent it has access to, also those that come later"))
    if facts.extent is Extent.EVERYTHING:
        return str(_("All in the holder's name, also those that come later"))
    return ngettext(
        "%(num)s installation, and no other",
        "%(num)s installations, and no others",
        facts.installations,
    )


def end_of(facts: Facts) -> str:
    """The last day."""
    if facts.ends_at is None:
        return str(_("No end date: until it is taken back"))
    return f"{date_of(facts.ends_at)} ({_zone(facts.ends_at)})"


def zoned(moment: datetime) -> str:
    """Day and time with the time zone: `22 Nov 2026, 14:05 (GMT-03:00)`."""
    return f"{moment_of(moment)} ({_zone(moment)})"


def state_of(situation: Situation) -> str:
    """How it stands: the invitation, or the access that came of it."""
    if situation.access is None:
        return str(STANDINGS[situation.standing])
    if situation.access is State.ACTIVE:
        return str(_("Accepted, and in force"))
    return str(STATES[situation.access])


def kind_of(situation: Situation) -> str:
    """Which sort of tag says so on a page."""
    if situation.access is State.ACTIVE:
        return "good"
    return "waiting" if situation.standing is Standing.OPEN else "ended"


def story_of(record: Record) -> Rows:
    """What happened and when, in order."""
    facts, now = record.facts, record.situation
    rows: list[tuple[object, object]] = [(_("Sent"), zoned(facts.sent_at))]
    if now.settled_at is None:
        rows.append((_("Can be accepted until"), zoned(now.open_until)))
    else:
        rows.append((STANDINGS[now.standing], zoned(now.settled_at)))
    if now.access is not None and now.ended_at is not None:
        rows.append((STATES[now.access], zoned(now.ended_at)))
    if now.level is not None and now.level is not facts.level:
        rows.append((_("May do since a later change"), LEVELS[now.level]))
    return [(str(name), str(value)) for name, value in rows]


def terms_of(acceptances: tuple[Acceptance, ...]) -> Rows:
    """Who accepted which text, when, and the text's hash."""
    return [(_title(each), _said(each)) for each in acceptances]


def _title(acceptance: Acceptance) -> str:
    return f"{TERMS[acceptance.terms]}, {acceptance.version} ({acceptance.locale})"


def _said(acceptance: Acceptance) -> str:
    by_guest = _("Accepted by the person invited, %(moment)s", moment=zoned(acceptance.at))
    by_inviter = _("Accepted by who sent the invitation, %(moment)s", moment=zoned(acceptance.at))
    return f"{by_guest if acceptance.by_guest else by_inviter}\n{acceptance.sha256}"


def _zone(moment: datetime) -> str:
    return str(format_datetime(moment, "ZZZZ"))  # type: ignore[no-untyped-call]
