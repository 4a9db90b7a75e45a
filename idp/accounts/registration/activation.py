"""Activation: the click that turns a registration into an account, once."""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.dialects.postgresql import insert

from idp import signing, terms
from idp.accounts.errors import LinkInvalid, TaxIdTaken
from idp.accounts.lookup import VISITOR, find_by_email, find_by_tax_id
from idp.accounts.models import Account, Registration
from idp.accounts.recovery import addresses
from idp.accounts.registration import agencies
from idp.accounts.registration import services as registrations
from idp.accounts.rules import REMEMBERED, check_activatable
from idp.audit import Event, record
from idp.extensions import db
from idp.identifiers import public_id
from idp.mail import Priority, notify, pretend
from idp.taxids import TaxId
from idp.terms import Terms

PURPOSE = "activation"
COPIED = ("tax_id", "kind", "name", "email", "landline", "mobile", "locale", "assurance")


def get_open(token: str, *, at: datetime) -> Registration:
    """What the link would activate.

    Raises `LinkInvalid`, `LinkUsed`, `LinkExpired`, `TaxIdTaken` or `EmailTaken`.
    """
    registration = _get(token, lock=False)
    check_activatable(registration, at)
    if find_by_tax_id(registration.tax_id) is not None:
        raise TaxIdTaken
    addresses.check_free(registration.email, account=None, at=at)
    return registration


def activate(token: str, *, at: datetime, password_hash: str = "") -> Registration:
    """Open the account; raises what `get_open` raises, and of several at once all but one do.

    `password_hash` is of the password that was chosen just now; it counts only where the form
    asked for none.
    """
    registration = _get(token, lock=True)
    check_activatable(registration, at)
    addresses.check_free(registration.email, account=None, at=at)
    account = _open_account(registration, registration.password_hash or password_hash, at)
    registration.activated_at = at
    if registration.agency is not None:
        agencies.state(account, registration.agency, at=at)
    _accept_texts(account, registration)
    record(
        Event.ACCOUNT_ACTIVATED,
        by=account.actor,
        account=account.public_id,
        registration=registration.public_id,
        assurance=account.assurance.value,
        account_kind=account.kind.value,
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


def _accept_texts(account: Account, registration: Registration) -> None:
    """Note what was accepted with the form, at that time and in those versions."""
    texts = {
        Terms.PLATFORM: registration.terms_version,
        Terms.AGENCY: registration.statement_version,
    }
    for text, version in texts.items():
        if version:
            terms.accept(
                text,
                account=account.public_id,
                locale=registration.terms_locale,
                version=version,
                at=registration.created_at,
            )


def _open_account(registration: Registration, password_hash: str, at: datetime) -> Account:
    """The new account; raises `TaxIdTaken` if another registration was activated first."""
    values = {name: getattr(registration, name) for name in COPIED}
    if not password_hash:
        raise ValueError("the page must ask for a password")
    chosen_at = registration.created_at if registration.password_hash else at
    account: Account | None = db.session.scalar(
        insert(Account)
        .values(
            public_id=public_id("a"),
            activated_at=at,
            password_hash=password_hash,
            password_changed_at=chosen_at,
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
