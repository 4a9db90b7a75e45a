"""Settle an invitation, exactly once: accepted, declined, cancelled or lapsed.

Each takes the row's lock before it looks, so that of two who come at the same moment one wins and
the other is told what happened.
"""

from datetime import datetime

from sqlalchemy import select

from idp import terms
from idp.accounts.models import Account
from idp.audit import SYSTEM, Actor, Event, record
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Grant, Relation
from idp.invitations import letters, lookup, rules
from idp.invitations.errors import InvitationUnavailable
from idp.invitations.models import Decision, Invitation
from idp.terms import Terms

EVENTS = {
    Decision.ACCEPTED: Event.INVITATION_ACCEPTED,
    Decision.DECLINED: Event.INVITATION_DECLINED,
    Decision.CANCELLED: Event.INVITATION_CANCELLED,
    Decision.LAPSED: Event.INVITATION_LAPSED,
}


def accept(public_id: str, *, guest: Account, locale: str, at: datetime) -> Grant:
    """Give `guest` the access on offer; both texts, as shown in `locale`, count as accepted.

    Installations that changed holder since are left out. Raises `InvitationForAnother`,
    `InvitationLapsed`, `InvitationSettled`, and `InvitationUnavailable` when none is left.
    """
    invitation = lookup.get_locked(public_id)
    _hold(invitation.inviter, guest)
    rules.check_acceptable(invitation, guest, at)
    installation_ids = lookup.lock_left(invitation)
    if not installation_ids:
        raise InvitationUnavailable
    grant = grants.issue(
        holder=invitation.holder_tax_id,
        granted_by=invitation.inviter,
        to=guest,
        relation=Relation.DELEGATE,
        level=invitation.level,
        installation_ids=installation_ids,
        expires_at=invitation.grant_expires_at,
        at=at,
    )
    for text in Terms:
        terms.accept(
            text, account=guest.public_id, locale=locale, at=at, invitation=invitation.public_id
        )
    invitation.grant = grant
    _settle(invitation, Decision.ACCEPTED, by=guest.actor, at=at, grant=grant)
    letters.accepted(invitation, grant, guest)
    return grant


def decline(public_id: str, *, guest: Account, reason: str, at: datetime) -> None:
    """Refuse the offer. Raises as `accept` does, except `InvitationUnavailable`."""
    invitation = lookup.get_locked(public_id)
    rules.check_answerable(invitation, guest, at)
    invitation.decline_reason = reason
    _settle(invitation, Decision.DECLINED, by=guest.actor, at=at)
    letters.declined(invitation)


def cancel(invitation: Invitation, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take the offer back, by the inviter or by staff: its link does nothing from now on.

    `invitation` comes from `get_locked`; `reason` is what staff give for the record. Cancelling
    twice is no error; raises `NotAllowed`, `InvitationLapsed`, `InvitationSettled`.
    """
    rules.check_may_cancel(invitation, by)
    if invitation.decision is Decision.CANCELLED:
        return
    rules.check_open(invitation, at)
    _settle(invitation, Decision.CANCELLED, by=by, at=at, reason=reason)
    letters.cancelled(invitation)


def lapse_due(at: datetime, limit: int = 100) -> int:
    """Settle up to `limit` invitations that nobody answered in time; returns how many.

    Several workers may do it at once: each takes what no other has locked.
    """
    due = lookup.lock_due(at, limit)
    for invitation in due:
        _settle(invitation, Decision.LAPSED, by=SYSTEM, at=at)
        letters.lapsed(invitation)
    return len(due)


def _settle(
    invitation: Invitation,
    decision: Decision,
    *,
    by: Actor,
    at: datetime,
    grant: Grant | None = None,
    reason: str = "",
) -> None:
    invitation.settle(decision, at)
    db.session.flush()
    record(
        EVENTS[decision],
        by=by,
        account=invitation.inviter.public_id,
        invitation=invitation.public_id,
        grant=grant.public_id if grant else None,
        **({"reason": reason} if reason else {}),
    )


def _hold(*accounts: Account) -> None:
    """See both as they are now, and let nobody lock or change them until the transaction ends:
    otherwise a grant could come into being just after the account's grants were cancelled."""
    db.session.scalars(
        select(Account)
        .where(Account.id.in_([account.id for account in accounts]))
        .order_by(Account.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).all()
