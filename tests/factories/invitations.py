"""Invitations and drafts for tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants.models import Extent, Level, Relation
from idp.identifiers import public_id
from idp.invitations import drafts
from idp.invitations.conditions import Shown
from idp.invitations.models import Invitation, InvitationDraft, InvitationInstallation
from idp.invitations.protocols import new_protocol
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.factories.accounts import JOAO
from tests.factories.registry import a_holder, an_installation

GUEST = {
    "guest_name": "João Souza",
    "guest_tax_id": "390.533.447-05",
    "guest_email": "joao@example.com",
    "level": "read_only",
    "ends_on": "",
}


def an_invitation(
    inviter: Account,
    installations: Sequence[Installation] | None = None,
    at: datetime | None = None,
    **overrides: Any,
) -> Invitation:
    """From `inviter` to João, sent at `at` and good for 12 h, committed."""
    at = at or clock.now()
    holder = a_holder(overrides.get("holder_tax_id", inviter.tax_id), inviter.name)
    offered = [an_installation(inviter.tax_id)] if installations is None else installations
    values: dict[str, Any] = {
        "public_id": public_id("v"),
        "protocol": new_protocol(at),
        "holder_tax_id": holder.tax_id,
        "holder_name": holder.name,
        "inviter_id": inviter.id,
        "guest_name": "João Souza",
        "guest_tax_id": TaxId.parse_canonical(JOAO),
        "guest_email": "joao@example.com",
        "locale": "en",
        "relation": Relation.DELEGATE,
        "level": Level.READ_ONLY,
        "extent": Extent.CHOSEN,
        "installation_count": len(offered),
        "grant_expires_at": None,
        "created_at": at,
        "expires_at": at + timedelta(hours=12),
        "decline_reason": "",
    }
    invitation = Invitation(**{**values, **overrides})
    db.session.add(invitation)
    db.session.flush()
    db.session.add_all(
        InvitationInstallation(invitation_id=invitation.id, installation_id=each.id)
        for each in offered
    )
    db.session.commit()
    return invitation


def a_draft(
    account: Account,
    installations: Sequence[Installation] = (),
    *,
    at: datetime | None = None,
    **overrides: Any,
) -> InvitationDraft:
    """A draft with these installations chosen and João as the guest, committed."""
    draft = drafts.begin(account, account.tax_id, at=at or clock.now())
    for name, value in {**GUEST, "shown": Shown.ALL, **overrides}.items():
        setattr(draft, name, value)
    draft.installation_ids = [each.id for each in installations]
    db.session.commit()
    return draft
