"""The words of the console for what the code calls by a value."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.accounts.models import AccountKind, Assurance
from idp.accounts.recovery.models import Origin
from idp.accounts.registration.models import CreciState
from idp.admin.models import Role
from idp.admin.wording_events import EVENTS
from idp.grants.models import Extent, Level, Relation, State
from idp.grants.use_models import Action
from idp.invitations.rules import Standing
from idp.mandates.models import Channel, Kind, Refusal, RequestState

ROLES: Mapping[Role, LazyString] = {
    Role.SUPPORT: _("Support"),
    Role.REVIEWER: _("Reviewer"),
    Role.OPERATOR: _("Operator"),
    Role.AUDITOR: _("Auditor"),
}
ASSURANCES: Mapping[Assurance, LazyString] = {
    Assurance.DECLARED: _("Declared: only the e-mail address was confirmed"),
    Assurance.PROVEN: _("Proven: knows a fact of the contract"),
    Assurance.VERIFIED: _("Verified: documents were reviewed"),
}
ACCOUNT_KINDS: Mapping[AccountKind, LazyString] = {
    AccountKind.CUSTOMER: _("Customer"),
    AccountKind.AGENCY: _("Real-estate agency"),
}
CRECI_STATES: Mapping[CreciState, LazyString] = {
    CreciState.WAITING: _("Awaits review"),
    CreciState.CONFIRMED: _("Number confirmed"),
    CreciState.REFUSED: _("Number refused"),
}
ORIGINS: Mapping[Origin, LazyString] = {
    Origin.ACCOUNT: _("On the account page"),
    Origin.RECOVERY: _("With tax id and password"),
    Origin.STAFF: _("By staff"),
}
STATES: Mapping[State, LazyString] = {
    State.ACTIVE: _("Active"),
    State.REVOKED: _("Revoked"),
    State.RENOUNCED: _("Renounced"),
    State.EXPIRED: _("Expired"),
    State.ENDED: _("Ended: the holder changed"),
    State.CANCELLED: _("Cancelled: an account was locked or erased"),
}
USES: Mapping[Action, LazyString] = {
    Action.READ: _("Looked at data"),
    Action.WRITE: _("Made a change"),
}
EXTENTS: Mapping[Extent, LazyString] = {
    Extent.CHOSEN: _("Chosen installations"),
    Extent.EVERYTHING: _("All installations, present and future"),
}
LEVELS: Mapping[Level, LazyString] = {
    Level.FULL: _("Full access"),
    Level.READ_ONLY: _("Read only"),
}
RELATIONS: Mapping[Relation, LazyString] = {
    Relation.OWNER: _("Owner"),
    Relation.REPRESENTATIVE: _("Representative"),
    Relation.DELEGATE: _("Delegate"),
    Relation.MANAGER: _("External manager"),
    Relation.COLLABORATOR: _("Collaborator"),
}
STANDINGS: Mapping[Standing, LazyString] = {
    Standing.OPEN: _("Open"),
    Standing.ACCEPTED: _("Accepted"),
    Standing.DECLINED: _("Declined"),
    Standing.CANCELLED: _("Cancelled"),
    Standing.LAPSED: _("Lapsed"),
}
MANDATES: Mapping[Kind, LazyString] = {
    Kind.REPRESENTATIVE: _("Representative"),
    Kind.MANAGER: _("External manager"),
}
REQUEST_STATES: Mapping[RequestState, LazyString] = {
    RequestState.DRAFT: _("Not sent"),
    RequestState.OPEN: _("Open"),
    RequestState.APPROVED: _("Approved"),
    RequestState.REFUSED: _("Turned down"),
    RequestState.WITHDRAWN: _("Withdrawn"),
}
CHANNELS: Mapping[Channel, LazyString] = {
    Channel.WEB: _("Web"),
    Channel.DESK: _("Desk"),
    Channel.PHONE: _("Phone"),
}
REFUSALS: Mapping[Refusal, LazyString] = {
    Refusal.UNREADABLE: _("A document can't be read"),
    Refusal.INCOMPLETE: _("A document is missing or no longer valid"),
    Refusal.MISMATCH: _("The documents name another company or person"),
    Refusal.NO_POWERS: _("The documents don't show that the person may act"),
    Refusal.NOT_A_CUSTOMER: _("Nothing stands in this holder's name"),
    Refusal.OTHER: _("Another reason"),
}
COMPARED: Mapping[str, LazyString] = {
    "holder_tax_id": _("Holder's tax id"),
    "holder_name": _("Holder's name"),
    "nominee_tax_id": _("Tax id of the person who shall act"),
    "nominee_name": _("Full name of the person who shall act"),
    "level": _("Level"),
    "ends_on": _("The access ends on"),
}
KEY_STATES: Mapping[str, LazyString] = {
    "next": _("Published, signs later"),
    "signing": _("Signs"),
    "published": _("Published for tokens that are still good"),
    "retired": _("Retired"),
}
PRIORITIES = (_("At once"), _("Soon"), _("For the record"))

__all__ = [
    "ASSURANCES",
    "CHANNELS",
    "COMPARED",
    "EVENTS",
    "KEY_STATES",
    "EXTENTS",
    "LEVELS",
    "MANDATES",
    "PRIORITIES",
    "REFUSALS",
    "RELATIONS",
    "REQUEST_STATES",
    "ROLES",
    "STANDINGS",
    "STATES",
    "actor_text",
    "event_text",
]


def event_text(value: str) -> str:
    """The sentence for an event; one that is newer than its wording shows its own name."""
    known = EVENTS.get(value)
    return str(known) if known is not None else value


def actor_text(actor: str, names: Mapping[str, str]) -> str:
    """Who acted: a name, the service itself, or the reference when the name is gone."""
    kind, _colon, reference = actor.partition(":")
    if kind == "system":
        return str(_("The service"))
    if actor == "staff:unknown":
        return str(_("A stranger"))
    name = names.get(actor, reference)
    return gettext("%(name)s, staff", name=name) if kind == "staff" else name
