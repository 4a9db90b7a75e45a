"""What the pages and the export of an account call what the code calls by a value."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.accounts.factors import rules
from idp.accounts.factors.models import Kind
from idp.accounts.models import AccountKind, Assurance
from idp.accounts.recovery.models import Origin
from idp.accounts.registration.models import CreciState
from idp.terms import Terms

KINDS: Mapping[AccountKind, LazyString] = {
    AccountKind.CUSTOMER: _("Customer"),
    AccountKind.AGENCY: _("Real-estate agency"),
}
ASSURANCES: Mapping[Assurance, LazyString] = {
    Assurance.DECLARED: _("E-mail address confirmed"),
    Assurance.PROVEN: _("Shown to be the holder"),
    Assurance.VERIFIED: _("Checked by our staff"),
}
FACTORS: Mapping[Kind, LazyString] = {
    Kind.APP: _("Authenticator app"),
    Kind.PASSKEY: _("Passkey"),
    Kind.CODE: _("Recovery code"),
}
CRECI_STATES: Mapping[CreciState, LazyString] = {
    CreciState.WAITING: _("Waits for our staff"),
    CreciState.CONFIRMED: _("Confirmed"),
    CreciState.REFUSED: _("Not confirmed"),
}
ORIGINS: Mapping[Origin, LazyString] = {
    Origin.ACCOUNT: _("Asked for on the account page"),
    Origin.RECOVERY: _("Asked for with tax id and password"),
    Origin.STAFF: _("Asked for at our service desk"),
}
TERMS: Mapping[Terms, LazyString] = {
    Terms.PLATFORM: _("Terms of use"),
    Terms.PERMISSION: _("Terms of access permission"),
    Terms.AGENCY: _("Statement of responsibility"),
}
# RFC 8176
METHODS: Mapping[str, LazyString] = {
    "pwd": _("Password"),
    rules.OTP: _("Code"),
    rules.HARDWARE_KEY: _("Passkey on one device"),
    rules.SOFTWARE_KEY: _("Passkey"),
}
