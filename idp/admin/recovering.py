"""What staff do for people who lost their address or their second factor.

Neither takes effect before a day has passed, and every address that the person has or had lately is
told at once and can stop it: nobody is handed an account over the telephone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from werkzeug.datastructures import FileStorage

from idp import clock
from idp.accounts.factors import pending
from idp.accounts.models import Account
from idp.accounts.recovery import email_changes, factor_removals
from idp.accounts.recovery.email_changes import Caller
from idp.accounts.recovery.models import FactorRemoval, Origin
from idp.admin import reading, sessions
from idp.admin.errors import AddressOfStaff
from idp.admin.models import RemovalDocument, StaffMember
from idp.errors import NotFound
from idp.evidence import services as evidence
from idp.evidence.models import Document
from idp.extensions import db


def correct_email(
    public_id: str, new_email: str, *, caller: Caller, checked: str, reason: str
) -> None:
    """Send a link to the new address, good from tomorrow on; raises `AddressOfStaff` and what
    `email_changes.ask` raises."""
    by, at = sessions.current_member().actor, clock.now()
    if db.session.scalar(select(exists().where(StaffMember.email == new_email))):
        raise AddressOfStaff
    email_changes.ask(
        reading.get_account(public_id),
        new_email,
        origin=Origin.STAFF,
        by=by,
        at=at,
        caller=caller,
        checked=checked,
        reason=reason,
    )


def remove_factors(
    public_id: str, files: Sequence[FileStorage], *, checked: str, reason: str
) -> None:
    """Have them removed after the waiting time; keep what showed who the person is.

    Raises DocumentRefused, and what `factor_removals.request` raises.
    """
    by, at = sessions.current_member().actor, clock.now()
    account = reading.get_account(public_id)
    documents = evidence.store(files, by=by, at=at) if files else []
    evidence.schedule_deletion(documents, decided_at=at)
    removal = factor_removals.request(
        account,
        by=by,
        at=at,
        checked=checked,
        reason=reason,
        documents=[each.public_id for each in documents],
    )
    db.session.add_all(
        RemovalDocument(removal_id=removal.id, document_id=each.id) for each in documents
    )


def documents_of(account: Account) -> Sequence[Document]:
    """What was kept when somebody's second factors were to be removed, the oldest first."""
    return db.session.scalars(_documents_of(account).order_by(Document.id)).all()


def get_document(public_id: str, document_id: str) -> Document:
    """One of them; raises NotFound, also for a document that belongs elsewhere."""
    wanted = _documents_of(reading.get_account(public_id)).where(Document.public_id == document_id)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _documents_of(account: Account) -> Select[Document]:
    return (
        select(Document)
        .join(RemovalDocument, RemovalDocument.document_id == Document.id)
        .join(FactorRemoval, FactorRemoval.id == RemovalDocument.removal_id)
        .where(FactorRemoval.account_id == account.id)
    )


def standing_of(account: Account, *, at: datetime) -> dict[str, Any]:
    """What of both is under way, for the account's page."""
    return {
        "email_change": email_changes.find_open(account, at=at),
        "has_factor": pending.has_factor(account.id),
        "removal": factor_removals.find_waiting(account),
        "documents": documents_of(account),
    }
