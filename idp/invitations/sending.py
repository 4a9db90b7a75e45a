"""Send an invitation: the row, the installations on offer, the trail, the mail to the guest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, insert, literal, select

from idp import terms
from idp.accounts import locking
from idp.accounts.models import Account
from idp.audit import SYSTEM, Event, record
from idp.extensions import db
from idp.grants import chain
from idp.grants.coverage import covered_by
from idp.grants.letters import count_of
from idp.grants.models import Extent
from idp.grants.scope import Scope, check_below
from idp.identifiers import public_id
from idp.invitations import letters, numbering, rules
from idp.invitations.errors import NothingChosen
from idp.invitations.models import Invitation, InvitationInstallation
from idp.registry.models import Holder, Installation, InstallationStatus
from idp.taxids import TaxId
from idp.terms import Terms


@dataclass(frozen=True, slots=True)
class Guest:
    """The invited person."""

    name: str
    tax_id: TaxId
    email: str  # lower case


def send(
    guest: Guest,
    scope: Scope,
    installations: tuple[ColumnElement[bool], ...] = (),
    *,
    inviter: Account | None,
    locale: str,
    at: datetime,
) -> Invitation:
    """One invitation, with a mail of its own.

    `installations` are conditions on `Installation`, for chosen ones; None as `inviter` is the
    utility, which invites a representative that staff verified. The inviter accepts the permission
    terms in `locale`. Raises `OfferedToOneself`, `GuestIsCompany`, `NothingChosen` and what
    `grants.scope.check_below` does; whether the inviter acts for the holder is the caller's to ask.
    """
    invitation = prepare(guest, scope, installations, inviter=inviter, locale=locale, at=at)
    dispatch([invitation], locale=locale, at=at)
    return invitation


def send_together(
    guest: Guest,
    scopes: Sequence[tuple[Scope, tuple[ColumnElement[bool], ...]]],
    *,
    inviter: Account,
    locale: str,
    at: datetime,
) -> list[Invitation]:
    """Several invitations of one guest, with one mail; they are answered together. Raises as
    `send` does, for the first that can't be sent, and nothing is."""
    batch = public_id("b")
    # Accounts before grants, and grants by age, as everywhere: nobody waits for one who waits.
    locking.check_unlocked(inviter)
    chain.hold(scope.parent for scope, _chosen in scopes if scope.parent is not None)
    invitations = [
        prepare(guest, scope, chosen, inviter=inviter, locale=locale, at=at, batch=batch)
        for scope, chosen in scopes
    ]
    dispatch(invitations, locale=locale, at=at)
    return invitations


def prepare(
    guest: Guest,
    scope: Scope,
    installations: tuple[ColumnElement[bool], ...],
    *,
    inviter: Account | None,
    locale: str,
    at: datetime,
    batch: str | None = None,
    resent_from_id: int | None = None,
) -> Invitation:
    """The rows of an invitation; `dispatch` tells the guest. Raises as `send` does.

    Nobody locks or erases the inviter's account before the commit; raises `NotAllowed` when it was.
    """
    if inviter is not None:
        locking.check_unlocked(inviter)
    rules.check_guest(
        guest.tax_id, holder=scope.holder, inviter=inviter.tax_id if inviter else None
    )
    _check_scope(scope, inviter, at)
    invitation = _row(guest, scope, at)
    invitation.inviter, invitation.locale = inviter, locale
    invitation.batch, invitation.resent_from_id = batch, resent_from_id
    numbering.insert(invitation)
    invitation.installation_count = _offer(invitation, installations)
    return invitation


def dispatch(invitations: Sequence[Invitation], *, locale: str, at: datetime, **trail: str) -> None:
    """Record them as sent, each with the inviter's acceptance of the terms, and write one mail."""
    for invitation in invitations:
        inviter = invitation.inviter
        if inviter is not None:
            terms.accept(
                Terms.PERMISSION,
                account=inviter.public_id,
                locale=locale,
                at=at,
                invitation=invitation.public_id,
            )
        record(
            Event.INVITATION_SENT,
            by=inviter.actor if inviter else SYSTEM,
            account=inviter.public_id if inviter else None,
            invitation=invitation.public_id,
            relation=invitation.relation.value,
            extent=invitation.extent.value,
            installations=invitation.installation_count,
            level=invitation.level.value,
            **trail,
        )
    letters.offered(invitations)


def _check_scope(scope: Scope, inviter: Account | None, at: datetime) -> None:
    if scope.parent is None:
        return
    links, depth = chain.links_of(scope.parent), current_app.config["DELEGATION_DEPTH"]
    check_below(links, scope, granted_by=inviter, to=None, depth=depth, at=at)


def _row(guest: Guest, scope: Scope, at: datetime) -> Invitation:
    """The offer itself; who sends it is still to be said."""
    life = timedelta(seconds=current_app.config["INVITATION_LIFE_SECONDS"])
    holder = db.session.get_one(Holder, scope.holder)
    return Invitation(
        public_id=public_id("v"),
        holder=holder,
        holder_name=holder.name,
        guest_name=guest.name,
        guest_tax_id=guest.tax_id,
        guest_email=guest.email,
        relation=scope.relation,
        level=scope.level,
        extent=scope.extent,
        installation_count=0,
        parent=scope.parent,
        grant_expires_at=scope.ends_at,
        created_at=at,
        expires_at=at + life,
        decline_reason="",
    )


def _offer(invitation: Invitation, installations: tuple[ColumnElement[bool], ...]) -> int:
    """How many installations are on offer: of everything those of today; else one row for each
    that can be offered, in one statement.

    Raises `NothingChosen`.
    """
    if invitation.extent is Extent.EVERYTHING:
        parent = invitation.parent
        return count_of(parent) if parent else invitation.holder.installation_count
    within = covered_by(invitation.parent) if invitation.parent else ()
    ids = select(literal(invitation.id), Installation.id).where(
        Installation.holder_tax_id == invitation.holder_tax_id,
        Installation.status == InstallationStatus.ACTIVE,
        *installations,
        *within,
    )
    added = db.session.execute(
        insert(InvitationInstallation)
        .from_select(["invitation_id", "installation_id"], ids)
        .returning(InvitationInstallation.installation_id)
    ).all()
    if not added:
        raise NothingChosen
    return len(added)
