"""Registration: the filled-in form waits for a click in the mail.

The form's answer is the same whether or not the tax id, or the address, is known; what differs goes
by mail, to the applicant or to the address on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from idp import terms
from idp.accounts.lookup import VISITOR, find_by_email, find_by_tax_id
from idp.accounts.models import Account, AccountKind, Assurance, Registration
from idp.accounts.recovery.rules import is_address_unique
from idp.accounts.registration import proving
from idp.audit import Event, record
from idp.errors import TooManyAttempts
from idp.extensions import db
from idp.identifiers import public_id
from idp.mail import Priority, Recipient, notify
from idp.taxids import TaxId
from idp.terms import Terms


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the form told us. `agency` is None for a customer; `facts` are by form field;
    `return_to` is a local path to go on with, or empty."""

    kind: AccountKind
    tax_id: TaxId
    name: str
    email: str
    landline: str
    mobile: str
    password_hash: str  # empty: chosen when the link is opened
    facts: Mapping[str, str]
    agency: dict[str, str] | None
    statement: str  # the text that was accepted besides the terms of use; empty: none
    locale: str
    return_to: str


def register(applicant: Applicant, *, at: datetime) -> None:
    """Keep the form until its link is used, and write to whom it concerns."""
    registration = _registration(applicant, at)
    db.session.add(registration)
    db.session.flush()
    known = _find_known(applicant)
    if known is not None:
        notify_existing(known)
    else:
        notify_applicant(registration)
    record(
        Event.REGISTRATION_REQUESTED,
        by=VISITOR,
        account=known.public_id if known else None,
        registration=registration.public_id,
    )


def notify_applicant(registration: Registration) -> None:
    """Send the activation link."""
    notify(
        "account_activation",
        to=Recipient(registration.name, registration.email, registration.locale),
        priority=Priority.WAITING,
        registration=registration.public_id,
        hours=current_app.config["ACTIVATION_LIFE_SECONDS"] // 3600,
    )


def notify_existing(account: Account) -> None:
    """Tell the owner that somebody, maybe they themselves, tried to register again."""
    notify("account_exists", to=account.recipient, priority=Priority.WAITING)


def expiry(at: datetime) -> datetime:
    """Until when a link sent `at` can be used."""
    return at + timedelta(seconds=current_app.config["ACTIVATION_LIFE_SECONDS"])


def _find_known(applicant: Applicant) -> Account | None:
    """Whom the form is about already; both questions are asked of everybody."""
    by_tax_id = find_by_tax_id(applicant.tax_id)
    by_email = find_by_email(applicant.email)
    is_known_by_email = is_address_unique(current_app.config["PROFILE"])
    return by_tax_id or (by_email if is_known_by_email else None)


def _registration(applicant: Applicant, at: datetime) -> Registration:
    text = terms.current_text(Terms.PLATFORM, applicant.locale)
    return Registration(
        public_id=public_id("r"),
        tax_id=applicant.tax_id,
        kind=applicant.kind,
        agency=applicant.agency,
        name=applicant.name,
        email=applicant.email,
        landline=applicant.landline,
        mobile=applicant.mobile,
        locale=applicant.locale,
        password_hash=applicant.password_hash,
        assurance=_assurance_of(applicant),
        return_to=applicant.return_to,
        terms_version=text.version,
        terms_locale=text.locale,
        statement_version=_statement_version(applicant),
        created_at=at,
        expires_at=expiry(at),
    )


def _assurance_of(applicant: Applicant) -> Assurance:
    """What the facts are worth. When tries are used up, by whomever, they count for nothing, and
    the person can show them later, signed in: nobody can keep others from registering."""
    try:
        return proving.assurance_of(applicant.tax_id, applicant.facts)
    except TooManyAttempts:
        return Assurance.DECLARED


def _statement_version(applicant: Applicant) -> str:
    if not applicant.statement:
        return ""
    return terms.current_text(Terms(applicant.statement), applicant.locale).version
