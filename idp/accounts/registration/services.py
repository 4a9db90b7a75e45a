"""Registration: the filled-in form waits for a click in the mail.

The form's answer is the same whether or not the tax id is known; what differs goes by mail, to the
applicant or to the address on record.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from idp import terms
from idp.accounts.lookup import VISITOR, find_by_tax_id
from idp.accounts.models import Account, Registration
from idp.accounts.registration import proving
from idp.audit import Event, record
from idp.extensions import db
from idp.identifiers import public_id
from idp.mail import Priority, Recipient, notify
from idp.taxids import TaxId
from idp.terms import Terms


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the form told us; `return_to` is a local path to go on with, or empty."""

    tax_id: TaxId
    name: str
    email: str
    landline: str
    mobile: str
    password_hash: str
    installation_code: str
    locale: str
    return_to: str


def register(applicant: Applicant, *, at: datetime) -> None:
    """Keep the form until its link is used, and write to whom it concerns."""
    registration = _registration(applicant, at)
    db.session.add(registration)
    db.session.flush()
    known = find_by_tax_id(applicant.tax_id)
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


def _registration(applicant: Applicant, at: datetime) -> Registration:
    text = terms.current_text(Terms.PLATFORM, applicant.locale)
    return Registration(
        public_id=public_id("r"),
        tax_id=applicant.tax_id,
        name=applicant.name,
        email=applicant.email,
        landline=applicant.landline,
        mobile=applicant.mobile,
        locale=applicant.locale,
        password_hash=applicant.password_hash,
        assurance=proving.assurance_of(
            applicant.tax_id, {"installation_code": applicant.installation_code}
        ),
        return_to=applicant.return_to,
        terms_version=text.version,
        terms_locale=text.locale,
        created_at=at,
        expires_at=expiry(at),
    )
