"""Sections about the account itself: who it is, how it is reached, how it is kept safe."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import literal, null, select

from idp.accounts.data import labels
from idp.accounts.data.exporting.sections import Field, Section, streamed
from idp.accounts.factors.models import Kind, Passkey, RecoveryCode, TotpFactor
from idp.accounts.models import Account
from idp.accounts.recovery.models import EmailChange
from idp.accounts.registration.models import Agency
from idp.i18n import NAMES


def _account(account: Account, _at: datetime) -> Iterable[Sequence[Any]]:
    yield tuple(getattr(account, field.name) for field in ACCOUNT.fields)


def _agency(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    columns = [getattr(Agency, field.name) for field in AGENCY.fields]
    return streamed(select(*columns).where(Agency.account_id == account.id))


def _email_changes(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    columns = [getattr(EmailChange, field.name) for field in EMAIL_CHANGES.fields]
    query = select(*columns).where(EmailChange.account_id == account.id)
    return streamed(query.order_by(EmailChange.id))


def _factors(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    """Names and days; no secret, no public key, nothing a code could be made from."""
    app, key, code = TotpFactor, Passkey, RecoveryCode
    queries = (
        select(literal(Kind.APP.value), null(), app.created_at, app.last_used_at).where(
            app.account_id == account.id
        ),
        select(literal(Kind.PASSKEY.value), key.name, key.created_at, key.last_used_at)
        .where(key.account_id == account.id)
        .order_by(key.id),
        select(literal(Kind.CODE.value), null(), code.created_at, code.used_at)
        .where(code.account_id == account.id)
        .order_by(code.id),
    )
    for query in queries:
        yield from streamed(query)


ACCOUNT = Section(
    name="account",
    title=_("You"),
    is_single=True,
    fields=(
        Field("public_id", _("Number of the account")),
        Field("name", _("Name")),
        Field("tax_id", _("Tax id")),
        Field("kind", _("Kind of account"), labels.KINDS),
        Field("email", _("E-mail address")),
        Field("mobile", _("Mobile number")),
        Field("landline", _("Landline")),
        Field("locale", _("Language of our e-mails"), NAMES),
        Field("assurance", _("How well we know you"), labels.ASSURANCES),
        Field("activated_at", _("Opened")),
        Field("password_changed_at", _("Password last changed")),
    ),
    rows=_account,
)
AGENCY = Section(
    name="agency",
    title=_("Your real-estate agency"),
    is_single=True,
    fields=(
        Field("trade_name", _("Trade name")),
        Field("responsible", _("Person responsible")),
        Field("postal_code", _("Postal code")),
        Field("state", _("State")),
        Field("city", _("City")),
        Field("district", _("District")),
        Field("street", _("Street")),
        Field("number", _("Number")),
        Field("complement", _("Complement")),
        Field("creci", _("Licence (CRECI)")),
        Field("creci_state", _("Licence checked"), labels.CRECI_STATES),
        Field("refusal", _("What we told you about it")),
        Field("stated_at", _("Stated")),
        Field("reviewed_at", _("Reviewed")),
    ),
    rows=_agency,
)
EMAIL_CHANGES = Section(
    name="email_changes",
    title=_("Changes of your e-mail address"),
    fields=(
        Field("old_email", _("From")),
        Field("new_email", _("To")),
        Field("origin", _("How"), labels.ORIGINS),
        Field("created_at", _("Asked for")),
        Field("confirmed_at", _("Confirmed")),
        Field("ended_at", _("Given up")),
        Field("undone_at", _("Undone")),
    ),
    rows=_email_changes,
)
FACTORS = Section(
    name="factors",
    title=_("Second factors and passkeys"),
    about=_("Names and days only: whoever finds this file can't sign in with it."),
    fields=(
        Field("kind", _("Kind"), labels.FACTORS),
        Field("name", _("Name")),
        Field("created_at", _("Added")),
        Field("last_used_at", _("Last used")),
    ),
    rows=_factors,
)
