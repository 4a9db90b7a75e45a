"""What is left of an offer: some of it may have changed holder, or left the link above."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Select, func, select

from idp.extensions import db
from idp.grants.coverage import covered_by
from idp.grants.letters import count_of
from idp.grants.models import Extent
from idp.invitations.models import Invitation, InvitationInstallation
from idp.pages.paging import Paging
from idp.registry.models import Installation

T = TypeVar("T")


def is_anything_left(invitation: Invitation) -> bool:
    """Whether accepting it would give anything: everything may, even while there is nothing yet."""
    parent = invitation.parent
    follows = parent is None or parent.extent is Extent.EVERYTHING
    if invitation.extent is Extent.EVERYTHING and follows:
        return True
    query = _on_offer(invitation, select(Installation.id)).limit(1)
    return db.session.scalar(query) is not None


def count_left(invitation: Invitation) -> int:
    """How many of the installations on offer still stand in the holder's name."""
    if invitation.extent is Extent.EVERYTHING:
        parent = invitation.parent
        return count_of(parent) if parent else invitation.holder.installation_count
    query = _on_offer(invitation, select(func.count()))
    return db.session.scalar(query) or 0


def installations_left(invitation: Invitation, paging: Paging) -> Sequence[Installation]:
    """One page of them, in the order of their codes."""
    query = _on_offer(invitation, select(Installation))
    query = query.order_by(Installation.code, Installation.id)
    return db.session.scalars(query.offset(paging.offset).limit(paging.per_page)).all()


def lock_left(invitation: Invitation) -> Sequence[int]:
    """Their ids; none of them changes holder before the end of the transaction.

    None for everything: the grant names no installations either.
    """
    if invitation.extent is Extent.EVERYTHING:
        return []
    query = _on_offer(invitation, select(Installation.id)).order_by(Installation.id)
    return db.session.scalars(query.with_for_update(read=True, of=Installation)).all()


def _on_offer(invitation: Invitation, query: Select[T]) -> Select[T]:
    """Everything is what the holder has, within the link above; else the rows that say so."""
    holder, parent = invitation.holder_tax_id, invitation.parent
    if invitation.extent is Extent.EVERYTHING:
        query = query.select_from(Installation)
    else:
        query = (
            query.select_from(InvitationInstallation)
            .join(Installation, Installation.id == InvitationInstallation.installation_id)
            .where(InvitationInstallation.invitation_id == invitation.id)
        )
    within = covered_by(parent) if parent else (Installation.holder_tax_id == holder,)
    return query.where(*within)
