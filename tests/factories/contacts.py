"""Contacts and collaborators that are being added."""

from typing import Any

from idp import clock
from idp.accounts.models import Account
from idp.contacts import drafts
from idp.contacts.models import ContactDraft
from idp.extensions import db
from idp.grants.models import Extent, Grant

RITA = {
    "guest_name": "Rita Alves",
    "guest_tax_id": "111.444.777-35",
    "guest_email": "rita@example.com",
}


def a_contact_draft(account: Account, client: Grant | None = None, **answers: Any) -> ContactDraft:
    """Rita shall be a contact of `account`, or (with a grant to manage by) a collaborator who gets
    some installations of that client; everything is answered, and committed."""
    is_contact = client is None
    access = {"level": "read_only"}
    if not is_contact:
        access |= {"relation": "collaborator", "extent": Extent.CHOSEN.value}
    draft = drafts.begin(
        account,
        {**RITA, **access, **answers},
        at=clock.now(),
        holder=account.tax_id if is_contact else None,
        client_ids=[client.id] if client else [],
    )
    db.session.commit()
    return draft
