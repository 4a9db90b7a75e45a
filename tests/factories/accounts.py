"""Accounts and their sessions, made without a page."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from idp import clock, terms
from idp.accounts import passwords
from idp.accounts.models import Account, Assurance, PasswordReset, Registration
from idp.extensions import db
from idp.identifiers import public_id
from idp.taxids import TaxId
from idp.terms import Terms
from idp.terms.models import TermsAcceptance

PASSWORD = "correct horse battery staple"
MARIA = "br:cpf:52998224725"
JOAO = "br:cpf:39053344705"


def an_account(
    tax_id: str | TaxId = MARIA,
    name: str = "Maria da Silva",
    email: str = "maria@example.com",
    password: str = PASSWORD,
    assurance: Assurance = Assurance.PROVEN,
    **overrides: Any,
) -> Account:
    """An activated account, committed."""
    at = clock.now()
    values = {
        "public_id": public_id("a"),
        "tax_id": TaxId.parse_canonical(tax_id) if isinstance(tax_id, str) else tax_id,
        "name": name,
        "email": email,
        "landline": "",
        "mobile": "",
        "locale": "en",
        "password_hash": passwords.hash_password(password),
        "assurance": assurance,
        "activated_at": at,
        "password_changed_at": at,
        "locked_at": None,
    }
    account = Account(**{**values, **overrides})
    db.session.add(account)
    db.session.commit()
    return account


def joao(**overrides: Any) -> Account:
    """The other person of the demonstration."""
    values = {"tax_id": JOAO, "name": "João Souza", "email": "joao@example.com"}
    return an_account(**{**values, **overrides})


def a_registration(
    tax_id: str = MARIA, password: str = PASSWORD, at: datetime | None = None, **overrides: Any
) -> Registration:
    """A form that was filled in and awaits the click in the mail, committed."""
    at = at or clock.now()
    values = {
        "public_id": public_id("r"),
        "tax_id": TaxId.parse_canonical(tax_id),
        "name": "Maria da Silva",
        "email": "maria@example.com",
        "landline": "",
        "mobile": "",
        "locale": "en",
        "password_hash": passwords.hash_password(password),
        "assurance": Assurance.DECLARED,
        "return_to": "",
        "terms_version": terms.current_text(Terms.PLATFORM, "en").version,
        "terms_locale": "en",
        "created_at": at,
        "expires_at": at + timedelta(days=1),
        "activated_at": None,
    }
    registration = Registration(**{**values, **overrides})
    db.session.add(registration)
    db.session.commit()
    return registration


def a_reset(account: Account, at: datetime | None = None, **overrides: Any) -> PasswordReset:
    """A recovery link that was asked for, committed."""
    at = at or clock.now()
    values = {
        "public_id": public_id("p"),
        "account_id": account.id,
        "created_at": at,
        "expires_at": at + timedelta(hours=1),
        "used_at": None,
    }
    reset = PasswordReset(**{**values, **overrides})
    db.session.add(reset)
    db.session.commit()
    return reset


def an_acceptance(account: Account, kind: Terms = Terms.PLATFORM, locale: str = "en") -> int:
    """The account accepted this text; the number of the record, committed."""
    terms.accept(kind, account=account.public_id, locale=locale, at=clock.now())
    db.session.commit()
    query = select(TermsAcceptance.id).order_by(TermsAcceptance.id.desc()).limit(1)
    return db.session.scalars(query).one()
