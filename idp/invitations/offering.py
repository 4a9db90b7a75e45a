"""Send an invitation: from the wizard's draft, or again with the same data."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from idp.accounts.models import Account
from idp.audit import Event
from idp.audit import record as record_event
from idp.extensions import db
from idp.grants.models import Relation
from idp.grants.scope import Scope
from idp.invitations import conditions, days, drafts, locking, lookup, parties, rules, selection
from idp.invitations.errors import DraftChanged, NothingChosen, NothingToOffer
from idp.invitations.models import (
    Decision,
    Invitation,
    InvitationDraft,
    InvitationInstallation,
)
from idp.invitations.schemas import Offer, read_offer
from idp.invitations.sending import Guest, dispatch, prepare, send
from idp.registry.models import Installation


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
    parties.check_may_offer(inviter, draft.holder_tax_id, at)
    wanted = read_offer(draft)
    if wanted is None or seen_by_inviter != seen(draft):
        raise DraftChanged
    check_offer(wanted, draft=draft, inviter=inviter, at=at)
    invitation = send(
        Guest(wanted.guest_name, wanted.guest_tax_id, wanted.guest_email),
        Scope(
            draft.holder_tax_id,
            Relation.DELEGATE,
            wanted.level,
            conditions.extent_of(draft),
            days.end_of(wanted.ends_on),
        ),
        conditions.chosen(draft),
        inviter=inviter,
        locale=locale,
        at=at,
    )
    draft.invitation = invitation
    db.session.flush()
    return invitation


def resend(public_id: str, *, by: Account, locale: str, at: datetime) -> Invitation:
    """A new invitation with the same data, in place of one that lapsed or is still open.

    Asked twice, it answers with the same one. Raises `NotFound`, `InvitationSettled`,
    `EndDatePassed`, and `NothingToOffer` when no installation is left to offer.
    """
    lookup.get_sent(public_id, by)
    earlier = locking.get_locked(public_id)
    if (successor := lookup.find_successor(earlier)) is not None:
        return successor
    rules.check_resendable(earlier, at)
    if earlier.parent is None:
        parties.check_may_offer(by, earlier.holder_tax_id, at)
    _settle_earlier(earlier, by=by, at=at)
    invitation = _prepare_again(earlier, by=by, at=at)
    dispatch([invitation], locale=locale, at=at, resent_from=earlier.public_id)
    return invitation


def _prepare_again(earlier: Invitation, *, by: Account, at: datetime) -> Invitation:
    try:
        return prepare(
            Guest(earlier.guest_name, earlier.guest_tax_id, earlier.guest_email),
            Scope(
                earlier.holder_tax_id,
                earlier.relation,
                earlier.level,
                earlier.extent,
                earlier.grant_expires_at,
                earlier.parent,
            ),
            _offered(earlier),
            inviter=by,
            locale=earlier.locale,
            at=at,
            resent_from_id=earlier.id,
        )
    except NothingChosen:
        raise NothingToOffer from None


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


def _offered(earlier: Invitation) -> tuple[ColumnElement[bool], ...]:
    offered = select(InvitationInstallation.installation_id).where(
        InvitationInstallation.invitation_id == earlier.id
    )
    return (Installation.id.in_(offered),)
