"""The history of an account in plain words."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account
from idp.audit import Event, history_of
from idp.audit.models import AuditEvent

PER_PAGE = 25
DIGITS = 18  # of an event's number: a bigint has 19

SENTENCES: dict[Event, LazyString] = {
    Event.REGISTRATION_REQUESTED: _("Somebody filled in the registration form with your tax id"),
    Event.ACTIVATION_RESENT: _("Somebody asked for the activation e-mail again"),
    Event.ACCOUNT_ACTIVATED: _("Your account was activated"),
    Event.ACCOUNT_KIND_CHANGED: _("You changed between customer and real-estate agency"),
    Event.AGENCY_STATED: _("You corrected your agency's data"),
    Event.CRECI_CONFIRMED: _("Our staff confirmed your CRECI number"),
    Event.CRECI_REFUSED: _("Our staff could not confirm your CRECI number"),
    Event.ACCOUNT_LOCKED: _("Your account was locked"),
    Event.ACCOUNT_UNLOCKED: _("Your account was unlocked"),
    Event.ASSURANCE_RAISED: _("You showed that you are the holder"),
    Event.OWNERSHIP_REFUSED: _("A code that should show you are the holder was not right"),
    Event.SIGN_IN_SUCCEEDED: _("You signed in"),
    Event.SIGN_IN_FAILED: _("Somebody tried to sign in with a wrong password"),
    Event.SESSION_ENDED: _("A browser was signed out"),
    Event.IDENTITY_CONFIRMED: _("You confirmed your password"),
    Event.CONFIRMATION_FAILED: _("A password typed to confirm your identity was not right"),
    Event.FACTOR_ADDED: _("You added a second factor"),
    Event.FACTOR_REMOVED: _("A second factor was removed"),
    Event.FACTOR_SHOWN: _("You confirmed with your second factor"),
    Event.FACTOR_FAILED: _("A code or passkey was not right"),
    Event.PASSKEY_COPIED: _("A passkey was refused because it may have been copied"),
    Event.RECOVERY_CODES_MADE: _("New recovery codes were made"),
    Event.RECOVERY_CODE_USED: _("A recovery code was used"),
    Event.PASSWORD_RESET_REQUESTED: _("Somebody asked for a new password"),
    Event.PASSWORD_CHANGED: _("Your password was changed"),
    Event.EMAIL_CHANGE_REQUESTED: _("Somebody asked to change your e-mail address"),
    Event.EMAIL_CHANGE_CANCELLED: _("A change of your e-mail address was given up"),
    Event.EMAIL_CHANGE_UNDONE: _("A change of your e-mail address was undone"),
    Event.EMAIL_CHANGED: _("Your e-mail address was changed"),
    Event.FACTOR_REMOVAL_REQUESTED: _("Our staff were asked to remove your second factor"),
    Event.FACTOR_REMOVAL_CANCELLED: _("The removal of your second factor was stopped"),
    Event.FACTOR_REMOVAL_DONE: _("Our staff removed your second factor"),
    Event.INVITATION_SENT: _("You sent an invitation"),
    Event.INVITATION_ACCEPTED: _("An invitation was accepted"),
    Event.INVITATION_DECLINED: _("An invitation was declined"),
    Event.INVITATION_CANCELLED: _("An invitation was cancelled"),
    Event.INVITATION_LAPSED: _("An invitation lapsed"),
    Event.GRANT_ISSUED: _("Access to installations was given"),
    Event.GRANT_NARROWED: _("Access to some installations was taken back"),
    Event.GRANT_REVOKED: _("Access to installations was taken back"),
    Event.GRANT_RENOUNCED: _("Access to installations was given up"),
    Event.GRANT_EXPIRED: _("Access to installations reached its end date"),
    Event.GRANT_ENDED: _("Access ended because an installation changed holder"),
    Event.GRANT_CANCELLED: _("Access to installations was cancelled"),
    Event.CONSENT_GIVEN: _("You allowed an application to see your data"),
    Event.CONSENT_WITHDRAWN: _("You took your permission back from an application"),
    Event.AUTHORIZATION_ISSUED: _("You signed in to an application"),
    Event.AUTHORIZATION_REVOKED: _("An application's access was ended"),
    Event.CODE_REPLAYED: _("An application's access was ended to protect you"),
    Event.REFRESH_TOKEN_REPLAYED: _("An application's access was ended to protect you"),
    Event.STAFF_SEARCHED: _("A member of our staff looked at your account"),
}
OTHER = _("Something was changed on your account")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the page; `address` is where it was done from in the account's own name, or
    empty: where a guest or a member of staff sits is none of this person's business."""

    at: datetime
    text: LazyString
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some steps, newest first; `older` is what the next page comes `before`, None on the last."""

    steps: list[Step]
    older: int | None


def page_of(account: Account, *, before: int | None) -> Page:
    """The latest steps, or those before the event of this number."""
    events = history_of("account", account.public_id, limit=PER_PAGE + 1, before=before)
    shown = events[:PER_PAGE]
    older = shown[-1].id if len(events) > PER_PAGE else None
    own = {str(account.actor), str(VISITOR)}
    return Page([_step(event, own) for event in shown], older)


def _step(event: AuditEvent, own: set[str]) -> Step:
    known = {kind.value: text for kind, text in SENTENCES.items()}
    address = event.address if event.actor in own else None
    return Step(event.at, known.get(event.event, OTHER), address or "")
