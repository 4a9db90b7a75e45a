"""Find accounts by what they are known by."""

from sqlalchemy import select

from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.taxids import TaxId

VISITOR = Actor("system", "visitor")  # somebody at a page who is not signed in


def find_by_tax_id(tax_id: TaxId) -> Account | None:
    """The account of this party, locked ones too."""
    return db.session.scalar(select(Account).where(Account.tax_id == tax_id))


def find_by_email(email: str) -> Account | None:
    """The oldest account with this address; several may share one."""
    return db.session.scalar(
        select(Account).where(Account.email == email).order_by(Account.id).limit(1)
    )
