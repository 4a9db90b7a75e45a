"""Find accounts by what they are known by."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn

VISITOR = Actor("system", "visitor")  # somebody at a page who is not signed in


class Credentials(NamedTuple):
    """What sign-in needs of an account."""

    id: int
    public_id: str
    password_hash: str


# Built once: sign-in is a hot path.
CREDENTIALS = select(Account.id, Account.public_id, Account.password_hash).where(
    Account.tax_id == bindparam("party", type_=TaxIdColumn())
)

BY_EMAIL = (
    select(Account.id, Account.public_id, Account.password_hash)
    .where(Account.email == bindparam("email"))
    .limit(2)
)


def find_credentials(tax_id: TaxId) -> Credentials | None:
    """Those of this party's account, locked or not."""
    found = db.session.connection().execute(CREDENTIALS, {"party": tax_id}).first()
    return Credentials(*found) if found else None


def find_credentials_by_email(email: str) -> Credentials | None:
    """Those of the one account with this address, locked or not; None where several share it:
    whose it is would be a guess."""
    found = db.session.connection().execute(BY_EMAIL, {"email": email}).all()
    return Credentials(*found[0]) if len(found) == 1 else None


def find_by_tax_id(tax_id: TaxId) -> Account | None:
    """The account of this party, locked ones too."""
    return db.session.scalar(select(Account).where(Account.tax_id == tax_id))


def find_by_email(email: str) -> Account | None:
    """The oldest account with this address; several may share one."""
    return db.session.scalar(
        select(Account).where(Account.email == email).order_by(Account.id).limit(1)
    )
