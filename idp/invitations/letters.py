"""What both sides are told by mail. No mail carries a tax id; links are signed when it is sent.

Invitations that were sent together are told of in one mail: it speaks of the first, and says how
many more there are.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import acting
from idp.grants.letters import count_of
from idp.invitations.models import Invitation
from idp.mail import Priority, Recipient, notify


def offered(together: Sequence[Invitation]) -> None:
    """To the guest: who invites, and the link."""
    guest = together[0].guest
    _send("invitation_offered", together, to=guest, priority=Priority.PROMPT)


def accepted(together: Sequence[Invitation], guest: Account) -> None:
    """To who invited that the access exists, and to the guest what they may do now.

    Where access was given on, the holder of the installations hears of it too.
    """
    taken = [each for each in together if each.grant is not None]
    grant = taken[0].grant
    assert grant is not None  # noqa: S101 - at least one was accepted
    context = {"grant_id": grant.public_id, "granted_count": count_of(grant)}
    _tell_inviter("invitation_accepted", taken, **context)
    _send("invitation_joined", taken, to=guest.recipient, **context)
    for each in taken:
        if each.parent is not None:
            _tell_holder(each)


def declined(together: Sequence[Invitation]) -> None:
    """To who invited, with the reason if one was given."""
    _tell_inviter("invitation_declined", together, reason=together[0].decline_reason)


def lapsed(invitations: Iterable[Invitation]) -> None:
    """To who invited, who can send it again."""
    by_batch: dict[object, list[Invitation]] = {}
    for each in invitations:
        by_batch.setdefault(each.batch or each.id, []).append(each)
    for together in by_batch.values():
        _tell_inviter("invitation_lapsed", together)


def cancelled(invitation: Invitation, still_open: Sequence[Invitation] = ()) -> None:
    """To the guest, whose link does nothing any more, but for those sent with it."""
    _send("invitation_cancelled", [invitation, *still_open], to=invitation.guest)


def requested(together: Sequence[Invitation]) -> None:
    """To who invited: the guest came too late and asks for a new one."""
    _tell_inviter("invitation_requested", together)


def _tell_inviter(template: str, together: Sequence[Invitation], **context: Any) -> None:
    """Nobody, where the utility itself invited."""
    inviter = together[0].inviter
    if inviter is not None:
        is_own = inviter.tax_id == together[0].holder_tax_id
        _send(template, together, to=inviter.recipient, is_own=is_own, **context)


def _tell_holder(invitation: Invitation) -> None:
    """The people on the holder's side: its own account, and who represents it."""
    at, holder, grant = invitation.created_at, invitation.holder_tax_id, invitation.grant
    own = select(Account).where(Account.tax_id == holder, Account.assurance.in_(acting.ASSURED))
    for account in [*db.session.scalars(own), *acting.representatives_of(holder, at)]:
        context = {"grant_id": grant.public_id if grant else ""}
        _send("invitation_given_on", [invitation], to=account.recipient, **context)


def _send(template: str, together: Sequence[Invitation], *, to: Recipient, **context: Any) -> None:
    invitation = together[0]
    end, inviter = invitation.grant_expires_at, invitation.inviter
    notify(
        template,
        to=to,
        invitation_id=invitation.public_id,
        protocol=invitation.protocol,
        holder_name=invitation.holder_name,
        giver_name=inviter.name if inviter and invitation.parent_id else "",
        is_from_service=inviter is None,
        guest_name=invitation.guest_name,
        relation=invitation.relation.value,
        level=invitation.level.value,
        extent=invitation.extent.value,
        count=invitation.installation_count,
        others=len(together) - 1,
        expires_at=invitation.expires_at.isoformat(),
        access_ends_at=end.isoformat() if end else "",
        **context,
    )
