"""`python -m demo.data`: the people, staff and clients of the demo, made once.

Every step looks first whether its result is there, so a second run changes nothing.
"""

import os
from datetime import datetime

from sqlalchemy import select

from demo import people
from idp import clock, create_app, sealing
from idp.accounts import passwords
from idp.accounts.models import Account, Assurance
from idp.admin import members
from idp.admin.models import Role
from idp.extensions import db, transaction
from idp.identifiers import public_id
from idp.taxids import TaxId


def seed(at: datetime) -> None:
    """Make what is missing."""
    for customer in people.CUSTOMERS:
        ensure_account(customer, at)
    for member in people.STAFF:
        ensure_member(member, os.environ[member.totp], at)


def ensure_account(customer: people.Customer, at: datetime) -> None:
    """An activated account that has proven which installations are its own."""
    tax_id = TaxId("br", "cpf", customer.tax_id)
    if db.session.scalar(select(Account.id).where(Account.tax_id == tax_id)) is not None:
        return
    account = Account(
        public_id=public_id("a"),
        tax_id=tax_id,
        name=customer.name,
        email=customer.email,
        landline="",
        mobile=customer.mobile,
        locale="pt-BR",
        password_hash=passwords.hash_password(people.PASSWORD),
        assurance=Assurance.PROVEN,
        activated_at=at,
        password_changed_at=at,
    )
    db.session.add(account)
    db.session.flush()


def ensure_member(member: people.Member, totp_secret: str, at: datetime) -> None:
    """A member of staff whose second factor is the one that the demo prints."""
    if members.find_by_email(member.email) is not None:
        return
    made, _ = members.create(
        email=member.email,
        name=member.name,
        role=Role(member.role),
        password=people.PASSWORD,
        at=at,
    )
    made.sealed_totp_secret = sealing.seal(totp_secret)


def main() -> None:
    """Seed the database of the environment's settings."""
    with create_app().app_context(), transaction():
        seed(clock.now())


if __name__ == "__main__":
    main()
