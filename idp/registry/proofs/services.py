"""Raise how sure we are of an account, from its own page."""

from collections.abc import Collection

from idp.accounts.models import Account, Assurance
from idp.audit import Event, record
from idp.extensions import db


def record_proof(account: Account, found: Assurance, *, typed: Collection[str]) -> bool:
    """Make `account` a proven one if what it typed was `found` to prove it; returns whether it was.

    `typed` names the kinds of facts, for the trail. A refusal is returned, not raised: its trace
    must be kept. What staff verified is never lowered.
    """
    proven = found is not Assurance.DECLARED
    event = Event.ASSURANCE_RAISED if proven else Event.OWNERSHIP_REFUSED
    db.session.refresh(account, with_for_update=True)
    record(event, by=account.actor, account=account.public_id, proof=", ".join(typed))
    if proven and account.assurance is Assurance.DECLARED:
        account.assurance = Assurance.PROVEN
    db.session.flush()
    return proven
