"""Send an invitation: from the wizard's draft, or again with the same data."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, insert, literal, select
from sqlalchemy.exc import IntegrityError

from idp import terms
from idp.accounts.models import Account
from idp.audit import Event
from idp.audit import record as record_event
from idp.extensions import db
from idp.grants.models import Extent, Relation
from idp.identifiers import public_id as new_public_id
from idp.invitations import days, drafts, letters, lookup, parties, rules, selection
from idp.invitations.errors import DraftChanged, NothingChosen, NothingToOffer
from idp.invitations.models import (
    Decision,
    Invitation,
    InvitationDraft,
    InvitationInstallation,
)
from idp.invitations.protocols import new_protocol
from idp.invitations.schemas import Offer, read_offer
from idp.registry.models import Holder, Installation, InstallationStatus
from idp.terms import Terms

PROTOCOL_TRIES = 5
PROTOCOL_TAKEN = "uq_invitations_protocol"


def check_offer(offer: Offer, *, draft: InvitationDraft, inviter: Account, at: datetime) -> None:
    """Raises `OfferedToOneself`, `GuestIsCompany`, `EndDateTooSoon` or `EndDateTooLate`."""
    rules.check_guest(offer.guest_tax_id, holder=draft.holder_tax_id, inviter=inviter.tax_id)
    rules.check_ends_on(offer.ends_on, today=days.today(at))


def seen(draft: InvitationDraft) -> str:
    """What the check page shows, in short: another tab or the registry may change it."""
    return f"{draft.version}.{selection.count_offerable(draft)}"


def offer(
    draft_id: str, *, inviter: Account, seen_by_inviter: str, locale: str, at: datetime
) -> Invitation:
    """Send what the draft says, once: asked again, it answers with the invitation that was sent.

    The holder's acceptance of the permission terms in `locale` is recorded with it. Raises
    `DraftChanged`, `NothingChosen`, and what `check_offer` and `parties.check_may_offer` do.
    """
    draft = drafts.get_draft(draft_id, inviter, lock=True)
    if draft.invitation is not None:
        return draft.invitation
    parties.check_may_offer(inviter)
    wanted = read_offer(draft)
    if wanted is None or seen_by_inviter != seen(draft):
        raise DraftChanged
    check_offer(wanted, draft=draft, inviter=inviter, at=at)
    invitation = _new(
        at,
        holder_tax_id=draft.holder_tax_id,
        inviter=inviter,
        guest_name=wanted.guest_name,
        guest_tax_id=wanted.guest_tax_id,
        guest_email=wanted.guest_email,
        locale=locale,
        relation=Relation.DELEGATE,
        level=wanted.level,
        extent=Extent.CHOSEN,
        grant_expires_at=days.end_of(wanted.ends_on),
    )
    _save(invitation, selection.chosen(draft))
    if invitation.installation_count == 0:
        raise NothingChosen
    draft.invitation = invitation
    _send(invitation, by=inviter, locale=locale, at=at)
    return invitation


def resend(public_id: str, *, by: Account, locale: str, at: datetime) -> Invitation:
    """A new invitation with the same data, in place of one that lapsed or is still open.

    Asked twice, it answers with the same one. Raises `NotFound`, `InvitationSettled`,
    `EndDatePassed`, and `NothingToOffer` when no installation is left to offer.
    """
    lookup.get_sent(public_id, by)
    earlier = lookup.get_locked(public_id)
    if (successor := lookup.find_successor(earlier)) is not None:
        return successor
    rules.check_resendable(earlier, at)
    parties.check_may_offer(by)
    _settle_earlier(earlier, by=by, at=at)
    invitation = _copy(earlier, at)
    _save(invitation, _still_offerable(earlier))
    if invitation.installation_count == 0:
        raise NothingToOffer
    _send(invitation, by=by, locale=locale, at=at, resent_from=earlier.public_id)
    return invitation


def _copy(earlier: Invitation, at: datetime) -> Invitation:
    return _new(
        at,
        holder_tax_id=earlier.holder_tax_id,
        inviter=earlier.inviter,
        guest_name=earlier.guest_name,
        guest_tax_id=earlier.guest_tax_id,
        guest_email=earlier.guest_email,
        locale=earlier.locale,
        relation=earlier.relation,
        level=earlier.level,
        extent=earlier.extent,
        parent_id=earlier.parent_id,
        grant_expires_at=earlier.grant_expires_at,
        resent_from_id=earlier.id,
    )


def _new(at: datetime, **values: Any) -> Invitation:
    life = timedelta(seconds=current_app.config["INVITATION_LIFE_SECONDS"])
    return Invitation(
        public_id=new_public_id("v"),
        holder_name=db.session.get_one(Holder, values["holder_tax_id"]).name,
        installation_count=0,
        created_at=at,
        expires_at=at + life,
        decline_reason="",
        **values,
    )


def _settle_earlier(earlier: Invitation, *, by: Account, at: datetime) -> None:
    """Without a mail of its own: that of the new one says enough."""
    if earlier.settled_at is not None:
        return
    lapsed = rules.standing_of(earlier, at) is rules.Standing.LAPSED
    earlier.settle(Decision.LAPSED if lapsed else Decision.CANCELLED, at)
    record_event(
        Event.INVITATION_LAPSED if lapsed else Event.INVITATION_CANCELLED,
        by=by.actor,
        account=by.public_id,
        invitation=earlier.public_id,
        reason="sent again",
    )


def _still_offerable(earlier: Invitation) -> tuple[ColumnElement[bool], ...]:
    offered = select(InvitationInstallation.installation_id).where(
        InvitationInstallation.invitation_id == earlier.id
    )
    return (
        Installation.id.in_(offered),
        Installation.holder_tax_id == earlier.holder_tax_id,
        Installation.status == InstallationStatus.ACTIVE,
    )


def _save(invitation: Invitation, installations: tuple[ColumnElement[bool], ...]) -> None:
    """Write the invitation and one row for each installation, in one statement each."""
    _insert(invitation)
    ids = select(literal(invitation.id), Installation.id).where(*installations)
    added = db.session.execute(
        insert(InvitationInstallation)
        .from_select(["invitation_id", "installation_id"], ids)
        .returning(InvitationInstallation.installation_id)
    )
    invitation.installation_count = len(added.all())


def _insert(invitation: Invitation) -> None:
    """The protocol number is drawn again while it is somebody else's already."""
    for _try in range(PROTOCOL_TRIES):
        invitation.protocol = new_protocol(invitation.created_at)
        try:
            with db.session.begin_nested():
                db.session.add(invitation)
                db.session.flush()
        except IntegrityError as error:
            if PROTOCOL_TAKEN not in str(error.orig):
                raise
        else:
            return
    raise RuntimeError("no free protocol number")


def _send(
    invitation: Invitation, *, by: Account, locale: str, at: datetime, resent_from: str = ""
) -> None:
    terms.accept(
        Terms.PERMISSION,
        account=by.public_id,
        locale=locale,
        at=at,
        invitation=invitation.public_id,
    )
    record_event(
        Event.INVITATION_SENT,
        by=by.actor,
        account=by.public_id,
        invitation=invitation.public_id,
        installations=invitation.installation_count,
        level=invitation.level.value,
        **({"resent_from": resent_from} if resent_from else {}),
    )
    letters.offered(invitation)
