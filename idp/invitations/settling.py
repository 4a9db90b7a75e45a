"""Settle an invitation, exactly once: accepted, declined, cancelled or lapsed.

Each takes the row's lock before it looks, so that of two who come at the same moment one wins and
the other is told what happened.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from idp import terms
from idp.accounts.models import Account
from idp.audit import SYSTEM, Actor, Event, record
from idp.extensions import db
from idp.grants import chain
from idp.grants import services as grants
from idp.grants.models import Grant, Relation
from idp.grants.scope import Scope
from idp.invitations import giving, letters, locking, lookup, remaining, rules
from idp.invitations.errors import InvitationUnavailable
from idp.invitations.models import Decision, Invitation
from idp.invitations.rules import Standing
from idp.invitations.signals import invitation_accepted

EVENTS = {
    Decision.ACCEPTED: Event.INVITATION_ACCEPTED,
    Decision.DECLINED: Event.INVITATION_DECLINED,
    Decision.CANCELLED: Event.INVITATION_CANCELLED,
    Decision.LAPSED: Event.INVITATION_LAPSED,
}


def accept(public_id: str, *, guest: Account, locale: str, at: datetime) -> list[Grant]:
    """Give `guest` the access on offer, and that of every invitation sent together with it.

    Both texts, as shown in `locale`, count as accepted. Installations that changed holder since
    are left out, and so are invitations of the batch that can't be accepted any more. Raises
    `InvitationForAnother`, `InvitationLapsed`, `InvitationSettled` and `InvitationUnavailable`
    when there is nothing to accept.
    """
    together = _answerable(public_id, guest, at)
    held = remaining.lock_left(together)
    chain.hold(each.parent for each in together if each.parent is not None)
    givable = list(giving.givable(together, at))
    if not givable:
        raise InvitationUnavailable
    grants = [_accept(each, held[each.id], guest, at) for each in givable]
    for invitation in givable:
        _accept_terms(invitation, guest, locale, at)
    letters.accepted(givable, guest)
    return grants


def decline(public_id: str, *, guest: Account, reason: str, at: datetime) -> None:
    """Refuse the offer, and all that were sent with it. Raises as `accept` does, except
    `InvitationUnavailable`."""
    together = _answerable(public_id, guest, at)
    for invitation in together:
        invitation.decline_reason = reason
        settle(invitation, Decision.DECLINED, by=guest.actor, at=at)
    letters.declined(together)


def cancel(invitation: Invitation, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take the offer back, by the inviter or by staff: its link does nothing from now on.

    `invitation` comes from `get_locked`; `reason` is what staff give for the record. Cancelling
    twice is no error; raises `NotAllowed`, `InvitationLapsed`, `InvitationSettled`.
    """
    rules.check_may_cancel(invitation, by)
    if invitation.decision is Decision.CANCELLED:
        return
    rules.check_open(invitation, at)
    settle(invitation, Decision.CANCELLED, by=by, at=at, reason=reason)
    others = lookup.batch_of(invitation)
    letters.cancelled(invitation, [o for o in others if rules.standing_of(o, at) is Standing.OPEN])


def lapse_due(at: datetime, limit: int = 100) -> int:
    """Settle up to `limit` invitations that nobody answered in time; returns how many.

    Several workers may do it at once: each takes what no other has locked.
    """
    due = locking.lock_due(at, limit)
    for invitation in due:
        settle(invitation, Decision.LAPSED, by=SYSTEM, at=at)
    letters.lapsed(due)
    return len(due)


def settle(
    invitation: Invitation,
    decision: Decision,
    *,
    by: Actor,
    at: datetime,
    grant: Grant | None = None,
    reason: str = "",
) -> None:
    """Close it and record that; only under the row's lock, and nobody is told."""
    invitation.settle(decision, at)
    db.session.flush()
    record(
        EVENTS[decision],
        by=by,
        account=invitation.inviter.public_id if invitation.inviter else None,
        invitation=invitation.public_id,
        grant=grant.public_id if grant else None,
        **({"reason": reason} if reason else {}),
    )


def _answerable(public_id: str, guest: Account, at: datetime) -> list[Invitation]:
    """The open invitations of the batch, this one among them; raises what `check_answerable`
    does for it. Nobody locks either party's account before the commit."""
    together = locking.lock_batch(public_id)
    named = next(each for each in together if each.public_id == public_id)
    _hold(guest, *(each.inviter for each in together if each.inviter))
    rules.check_answerable(named, guest, at)
    return [each for each in together if rules.standing_of(each, at) is Standing.OPEN]


def _accept(
    invitation: Invitation, installation_ids: Sequence[int], guest: Account, at: datetime
) -> Grant:
    bounds = giving.bounds_of([invitation])[invitation.id]
    grant = grants.issue(
        Scope(
            invitation.holder_tax_id,
            invitation.relation,
            bounds.level,
            invitation.extent,
            bounds.ends_at,
            invitation.parent,
        ),
        granted_by=None if invitation.relation is Relation.REPRESENTATIVE else invitation.inviter,
        to=guest,
        installation_ids=installation_ids,
        at=at,
    )
    invitation.grant = grant
    settle(invitation, Decision.ACCEPTED, by=guest.actor, at=at, grant=grant)
    invitation_accepted.send(None, invitation=invitation, grant=grant, at=at)
    return grant


def _accept_terms(invitation: Invitation, guest: Account, locale: str, at: datetime) -> None:
    for text in terms.OF_A_GUEST:
        terms.accept(
            text, account=guest.public_id, locale=locale, at=at, invitation=invitation.public_id
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
