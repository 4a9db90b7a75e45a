"""What is left of an offer: some of it may have changed holder, or left the link above."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Select, func, select, union_all

from idp.extensions import db
from idp.grants.coverage import covered_by
from idp.grants.letters import count_of
from idp.grants.models import Extent, GrantInstallation
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


def lock_left(together: Sequence[Invitation]) -> dict[int, Sequence[int]]:
    """Their ids, by the id of each invitation; none of them changes holder before the commit.

    None for everything: the grant names no installations either. All are locked before any grant
    is, and in the order of their ids, as everywhere: no two transactions can wait for each other.
    """
    offered = select(InvitationInstallation.installation_id).where(
        InvitationInstallation.invitation_id.in_([each.id for each in together])
    )
    # Everything that a link covers which has a list itself is a list too.
    above = [each.parent_id for each in together if each.extent is Extent.EVERYTHING]
    listed = select(GrantInstallation.installation_id).where(GrantInstallation.grant_id.in_(above))
    query = select(Installation.id).where(Installation.id.in_(union_all(offered, listed)))
    db.session.execute(query.order_by(Installation.id).with_for_update(read=True)).all()
    return {each.id: _ids_left(each) for each in together}


def _ids_left(invitation: Invitation) -> Sequence[int]:
    if invitation.extent is Extent.EVERYTHING:
        return []
    return db.session.scalars(_on_offer(invitation, select(Installation.id))).all()


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
