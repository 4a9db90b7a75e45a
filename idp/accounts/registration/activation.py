"""Activation: the click that turns a registration into an account, once."""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.dialects.postgresql import insert

from idp import signing, terms
from idp.accounts.errors import LinkInvalid, TaxIdTaken
from idp.accounts.lookup import VISITOR, find_by_email, find_by_tax_id
from idp.accounts.models import Account, Registration
from idp.accounts.registration import services as registrations
from idp.accounts.rules import REMEMBERED, check_activatable
from idp.audit import Event, record
from idp.extensions import db
from idp.identifiers import public_id
from idp.mail import Priority, notify, pretend
from idp.taxids import TaxId
from idp.terms import Terms

PURPOSE = "activation"


def get_open(token: str, *, at: datetime) -> Registration:
    """What the link would activate.

    Raises `LinkInvalid`, `LinkUsed`, `LinkExpired` or `TaxIdTaken`.
    """
    registration = _get(token, lock=False)
    check_activatable(registration, at)
    if find_by_tax_id(registration.tax_id) is not None:
        raise TaxIdTaken
    return registration


def activate(token: str, *, at: datetime) -> Registration:
    """Open the account; raises what `get_open` raises, and of several at once all but one do."""
    registration = _get(token, lock=True)
    check_activatable(registration, at)
    account = _open_account(registration, at)
    registration.activated_at = at
    terms.accept(
        Terms.PLATFORM,
        account=account.public_id,
        locale=registration.terms_locale,
        version=registration.terms_version,
        at=registration.created_at,
    )
    record(
        Event.ACCOUNT_ACTIVATED,
        by=account.actor,
        account=account.public_id,
        registration=registration.public_id,
        assurance=account.assurance.value,
    )
    notify("account_activated", to=account.recipient, priority=Priority.NOTICE)
    db.session.flush()
    return registration


def resend(*, tax_id: TaxId | None, email: str | None, at: datetime) -> None:
    """Send the latest open registration a new link; to somebody active, say that they are.

    By address only that address is ever written to, so nobody can make us fill another's inbox.
    """
    registration = db.session.scalar(_latest_open(tax_id, email, at))
    account = find_by_tax_id(tax_id) if tax_id else find_by_email(email or "")
    if registration is not None:
        registration.expires_at = registrations.expiry(at)
        registrations.notify_applicant(registration)
    elif account is not None:
        registrations.notify_existing(account)
    else:
        pretend()
    record(
        Event.ACTIVATION_RESENT,
        by=VISITOR,
        account=account.public_id if account else None,
        registration=registration.public_id if registration else None,
    )


def _get(token: str, *, lock: bool) -> Registration:
    reference = signing.unsign(PURPOSE, token)
    query = select(Registration).where(Registration.public_id == (reference or ""))
    if lock:
        query = query.with_for_update()
    registration = db.session.scalar(query.execution_options(populate_existing=True))
    if registration is None:
        raise LinkInvalid
    return registration


def _open_account(registration: Registration, at: datetime) -> Account:
    """The new account; raises `TaxIdTaken` if another registration was activated first."""
    values = {
        name: getattr(registration, name)
        for name in (
            *("tax_id", "name", "email", "landline", "mobile"),
            *("locale", "password_hash", "assurance"),
        )
    }
    account: Account | None = db.session.scalar(
        insert(Account)
        .values(
            public_id=public_id("a"),
            activated_at=at,
            password_changed_at=registration.created_at,
            **values,
        )
        .on_conflict_do_nothing(index_elements=[Account.tax_id])
        .returning(Account)
    )
    if account is None:
        raise TaxIdTaken
    return account


def _latest_open(tax_id: TaxId | None, email: str | None, at: datetime) -> Select[Registration]:
    known_by = (
        Registration.tax_id == tax_id if tax_id is not None else Registration.email == (email or "")
    )
    return (
        select(Registration)
        .where(
            known_by,
            Registration.activated_at.is_(None),
            Registration.created_at > at - REMEMBERED,
            ~exists().where(Account.tax_id == Registration.tax_id),
        )
        .order_by(Registration.created_at.desc())
        .limit(1)
    )
