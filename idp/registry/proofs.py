"""Proof of ownership: knowing the code of an installation that stands in one's name.

A code is printed on every bill, so it proves a little, and guessing is limited in tries.
"""

from sqlalchemy import exists, select

from idp.accounts.models import Account, Assurance
from idp.audit import Event, record
from idp.extensions import db
from idp.registry.models import Installation
from idp.taxids import TaxId

INSTALLATION_CODE = "installation_code"  # the kind of proof, in the trail
MAXIMUM_CODE = 64


def holds(tax_id: TaxId, code: str) -> bool:
    """Whether an installation with this code stands in the name of `tax_id`.

    One look-up in one index, whether the code is unknown, another's or theirs.
    """
    typed = "".join(code.split()).replace("\x00", "")[:MAXIMUM_CODE]
    found = exists(Installation.id).where(
        Installation.code.in_((typed, typed.upper())), Installation.holder_tax_id == tax_id
    )
    return bool(db.session.scalar(select(found)))


def raise_assurance(account: Account, *, code: str) -> bool:
    """Make `account` a proven one if it knows the code of an installation of its own.

    A refusal is returned, not raised: its trace in the trail must be kept.
    """
    db.session.refresh(account, with_for_update=True)
    proven = holds(account.tax_id, code)
    event = Event.ASSURANCE_RAISED if proven else Event.OWNERSHIP_REFUSED
    record(event, by=account.actor, account=account.public_id, proof=INSTALLATION_CODE)
    if proven and account.assurance is Assurance.DECLARED:
        account.assurance = Assurance.PROVEN
    db.session.flush()
    return proven
