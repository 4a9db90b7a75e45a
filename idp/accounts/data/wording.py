"""Every event of an account in the words of the person whose account it is."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.audit import Event


class Kind(StrEnum):
    """What the list can be narrowed to."""

    SIGN_IN = "sign_in"
    CHANGE = "change"
    ACCESS = "access"
    APPLICATION = "application"


class Who(StrEnum):
    """Who did it, as far as this is the person's business."""

    SELF = "self"
    STAFF = "staff"
    APPLICATION = "application"
    OTHER = "other"  # another person
    VISITOR = "visitor"  # somebody who was not signed in
    SERVICE = "service"  # of itself, when its time had come


KINDS: Mapping[Kind, LazyString] = {
    Kind.SIGN_IN: _("Sign-ins"),
    Kind.CHANGE: _("Changes"),
    Kind.ACCESS: _("Access given and received"),
    Kind.APPLICATION: _("Applications"),
}
PEOPLE: Mapping[Who, LazyString] = {
    Who.SELF: _("You"),
    Who.STAFF: _("Our staff"),
    Who.APPLICATION: _("An application"),
    Who.OTHER: _("Another person"),
    Who.VISITOR: _("Somebody who was not signed in"),
    Who.SERVICE: _("Nobody: it was time"),
}
SIGN_INS: Mapping[Event, LazyString] = {
    Event.SIGN_IN_SUCCEEDED: _("You signed in"),
    Event.SIGN_IN_FAILED: _("Somebody tried to sign in with a wrong password"),
    Event.SESSION_ENDED: _("A browser was signed out"),
    Event.IDENTITY_CONFIRMED: _("You confirmed your password"),
    Event.CONFIRMATION_FAILED: _("A password typed to confirm your identity was not right"),
    Event.FACTOR_SHOWN: _("You confirmed with your second factor"),
    Event.FACTOR_FAILED: _("A code or passkey was not right"),
    Event.PASSKEY_COPIED: _("A passkey was refused because it may have been copied"),
    Event.RECOVERY_CODE_USED: _("A recovery code was used"),
}
CHANGES: Mapping[Event, LazyString] = {
    Event.REGISTRATION_REQUESTED: _("Somebody filled in the registration form with your tax id"),
    Event.ACTIVATION_RESENT: _("Somebody asked for the activation e-mail again"),
    Event.ACCOUNT_ACTIVATED: _("Your account was activated"),
    Event.ACCOUNT_KIND_CHANGED: _("The kind of your account was changed"),
    Event.AGENCY_STATED: _("You told us about your real-estate agency"),
    Event.CRECI_CONFIRMED: _("Your licence (CRECI) was confirmed"),
    Event.CRECI_REFUSED: _("Your licence (CRECI) could not be confirmed"),
    Event.ACCOUNT_LOCKED: _("Your account was locked"),
    Event.ACCOUNT_UNLOCKED: _("Your account was unlocked"),
    Event.ACCOUNT_ERASED: _("Your account was closed"),
    Event.PROFILE_CHANGED: _("Your phone numbers or your language were changed"),
    Event.DATA_EXPORTED: _("You downloaded your data"),
    Event.ASSURANCE_RAISED: _("You showed that you are the holder"),
    Event.OWNERSHIP_REFUSED: _("What should show that you are the holder was not right"),
    Event.FACTOR_ADDED: _("You added a second factor"),
    Event.FACTOR_REMOVED: _("A second factor was removed"),
    Event.RECOVERY_CODES_MADE: _("New recovery codes were made"),
    Event.FACTOR_REMOVAL_REQUESTED: _("Our staff were asked to remove your second factor"),
    Event.FACTOR_REMOVAL_CANCELLED: _("The removal of your second factor was stopped"),
    Event.FACTOR_REMOVAL_DONE: _("Our staff removed your second factor"),
    Event.PASSWORD_RESET_REQUESTED: _("Somebody asked for a new password"),
    Event.PASSWORD_CHANGED: _("Your password was changed"),
    Event.EMAIL_CHANGE_REQUESTED: _("Somebody asked to change your e-mail address"),
    Event.EMAIL_CHANGE_CANCELLED: _("A change of your e-mail address was given up"),
    Event.EMAIL_CHANGE_UNDONE: _("A change of your e-mail address was undone"),
    Event.EMAIL_CHANGED: _("Your e-mail address was changed"),
    Event.STAFF_SEARCHED: _("A member of our staff looked at your account"),
}
ACCESS: Mapping[Event, LazyString] = {
    Event.INVITATION_SENT: _("You sent an invitation"),
    Event.INVITATION_ACCEPTED: _("An invitation was accepted"),
    Event.INVITATION_DECLINED: _("An invitation was declined"),
    Event.INVITATION_CANCELLED: _("An invitation was cancelled"),
    Event.INVITATION_LAPSED: _("An invitation lapsed"),
    Event.GRANT_ISSUED: _("Access to installations was given"),
    Event.GRANT_LEVEL_CHANGED: _("What somebody may do with your access was changed"),
    Event.GRANT_PASSED_ON: _("Access to a company's installations was passed on to you"),
    Event.GRANT_NARROWED: _("Access to some installations was taken back"),
    Event.GRANT_REVOKED: _("Access to installations was taken back"),
    Event.GRANT_RENOUNCED: _("Access to installations was given up"),
    Event.GRANT_EXPIRED: _("Access to installations reached its end date"),
    Event.GRANT_ENDED: _("Access ended because an installation changed holder"),
    Event.GRANT_CANCELLED: _("Access to installations was cancelled"),
    Event.MANDATE_REQUESTED: _("You asked us to check who acts for a company or a holder"),
    Event.MANDATE_WITHDRAWN: _("You withdrew a request"),
    Event.MANDATE_READ: _("Our staff read the documents of a request"),
    Event.MANDATE_APPROVED: _("A request of yours was approved"),
    Event.MANDATE_REFUSED: _("A request of yours was refused"),
    Event.MANDATE_INVITED: _("The person you named in a request was invited again"),
    Event.EVIDENCE_STORED: _("You uploaded a document"),
    Event.EVIDENCE_REFUSED: _("A document was not accepted"),
    Event.EVIDENCE_READ: _("Our staff opened a document of yours"),
    Event.EVIDENCE_DELETED: _("A document of yours was deleted because its time was over"),
}
APPLICATIONS: Mapping[Event, LazyString] = {
    Event.CONSENT_GIVEN: _("You allowed an application to see your data"),
    Event.CONSENT_WITHDRAWN: _("You took your permission back from an application"),
    Event.AUTHORIZATION_ISSUED: _("You signed in to an application"),
    Event.AUTHORIZATION_REVOKED: _("An application's access was ended"),
    Event.CODE_REPLAYED: _("An application's access was ended to protect you"),
    Event.REFRESH_TOKEN_REPLAYED: _("An application's access was ended to protect you"),
    Event.APPROVAL_ASKED: _("An application asked you to confirm that it is you"),
    Event.APPROVAL_DENIED: _("You did not let an application in"),
    Event.TOKEN_EXCHANGED: _("An application acted with an access that you were given"),
}
BY_KIND: Mapping[Kind, Mapping[Event, LazyString]] = {
    Kind.SIGN_IN: SIGN_INS,
    Kind.CHANGE: CHANGES,
    Kind.ACCESS: ACCESS,
    Kind.APPLICATION: APPLICATIONS,
}
SENTENCES: Mapping[Event, LazyString] = {**SIGN_INS, **CHANGES, **ACCESS, **APPLICATIONS}
# What others began and this person was offered or given: their history, told from this side.
RECEIVED: Mapping[Event, LazyString] = {
    Event.INVITATION_SENT: _("Somebody invited you"),
    Event.INVITATION_ACCEPTED: _("You accepted an invitation"),
    Event.INVITATION_DECLINED: _("You declined an invitation"),
    Event.INVITATION_CANCELLED: _("An invitation to you was cancelled"),
    Event.INVITATION_LAPSED: _("An invitation to you lapsed"),
    Event.GRANT_ISSUED: _("You received access to installations"),
    Event.GRANT_LEVEL_CHANGED: _("What you may do with access that you received was changed"),
    Event.GRANT_NARROWED: _("Access that you received no longer covers some installations"),
    Event.GRANT_REVOKED: _("Access that you received was taken back"),
    Event.GRANT_RENOUNCED: _("You gave up access that you had received"),
    Event.GRANT_EXPIRED: _("Access that you received reached its end date"),
    Event.GRANT_ENDED: _("Access that you received ended because an installation changed holder"),
    Event.GRANT_CANCELLED: _("Access that you received was cancelled"),
}
OTHER = _("Something was changed on your account")
