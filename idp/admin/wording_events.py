"""One short sentence for each kind of event in the trail."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.audit import Event

EVENTS: Mapping[str, LazyString] = {
    Event.REGISTRATION_REQUESTED: _("Registration filled in"),
    Event.ACTIVATION_RESENT: _("Activation link sent again"),
    Event.ACCOUNT_ACTIVATED: _("Account activated"),
    Event.ACCOUNT_LOCKED: _("Account locked"),
    Event.ACCOUNT_UNLOCKED: _("Account unlocked"),
    Event.ASSURANCE_RAISED: _("Ownership proven"),
    Event.OWNERSHIP_REFUSED: _("Proof of ownership refused"),
    Event.SIGN_IN_SUCCEEDED: _("Signed in"),
    Event.SIGN_IN_FAILED: _("Sign-in refused"),
    Event.IDENTITY_CONFIRMED: _("Password given again"),
    Event.CONFIRMATION_FAILED: _("Password given again, refused"),
    Event.SESSION_ENDED: _("Signed out"),
    Event.PASSWORD_RESET_REQUESTED: _("Password recovery asked for"),
    Event.PASSWORD_CHANGED: _("Password changed"),
    Event.REGISTRY_IMPORTED: _("Registry imported"),
    Event.INVITATION_SENT: _("Invitation sent"),
    Event.INVITATION_ACCEPTED: _("Invitation accepted"),
    Event.INVITATION_DECLINED: _("Invitation declined"),
    Event.INVITATION_CANCELLED: _("Invitation cancelled"),
    Event.INVITATION_LAPSED: _("Invitation lapsed"),
    Event.GRANT_ISSUED: _("Access given"),
    Event.GRANT_NARROWED: _("Access to some installations revoked"),
    Event.GRANT_REVOKED: _("Access revoked"),
    Event.GRANT_RENOUNCED: _("Access renounced"),
    Event.GRANT_EXPIRED: _("Access expired"),
    Event.GRANT_ENDED: _("Access ended: the holder changed"),
    Event.GRANT_CANCELLED: _("Access cancelled: an account was locked"),
    Event.CONSENT_GIVEN: _("Application allowed"),
    Event.CONSENT_WITHDRAWN: _("Application no longer allowed"),
    Event.AUTHORIZATION_ISSUED: _("Application signed in"),
    Event.AUTHORIZATION_REVOKED: _("Application's tokens revoked"),
    Event.CODE_REPLAYED: _("Authorization code used twice"),
    Event.REFRESH_TOKEN_REPLAYED: _("Refresh token used twice"),
    Event.CLIENT_CREATED: _("Application registered"),
    Event.CLIENT_DISABLED: _("Application disabled"),
    Event.KEY_ROTATED: _("Signing key rotated"),
    Event.MAIL_GIVEN_UP: _("Mail given up"),
    Event.STAFF_CREATED: _("Member of staff added"),
    Event.STAFF_DISABLED: _("Member of staff shut out"),
    Event.STAFF_FACTOR_RESET: _("Second factor of a member of staff renewed"),
    Event.STAFF_SIGN_IN_SUCCEEDED: _("Staff signed in"),
    Event.STAFF_SIGN_IN_FAILED: _("Staff sign-in refused"),
    Event.STAFF_SIGNED_OUT: _("Staff signed out"),
    Event.STAFF_SEARCHED: _("Staff searched"),
    Event.MAIL_RETRIED: _("Mail put back into the queue"),
}
