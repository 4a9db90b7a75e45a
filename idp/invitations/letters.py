"""What both sides are told by mail. No mail carries a tax id; links are signed when it is sent."""

from typing import Any

from idp.accounts.models import Account
from idp.grants.models import Grant
from idp.invitations.models import Invitation
from idp.mail import Priority, Recipient, notify


def offered(invitation: Invitation) -> None:
    """To the guest: who invites, and the link."""
    _send("invitation_offered", invitation, to=invitation.guest, priority=Priority.PROMPT)


def accepted(invitation: Invitation, grant: Grant, guest: Account) -> None:
    """To the holder that the access exists; to the guest what they may do now."""
    context = {"grant_id": grant.public_id, "granted_count": grant.installation_count}
    _send("invitation_accepted", invitation, to=invitation.inviter.recipient, **context)
    _send("invitation_joined", invitation, to=guest.recipient, **context)


def declined(invitation: Invitation) -> None:
    """To the holder, with the reason if one was given."""
    reason = invitation.decline_reason
    _send("invitation_declined", invitation, to=invitation.inviter.recipient, reason=reason)


def lapsed(invitation: Invitation) -> None:
    """To the holder, who can send it again."""
    _send("invitation_lapsed", invitation, to=invitation.inviter.recipient)


def cancelled(invitation: Invitation) -> None:
    """To the guest, whose link does nothing any more."""
    _send("invitation_cancelled", invitation, to=invitation.guest)


def requested(invitation: Invitation) -> None:
    """To the holder: the guest came too late and asks for a new one."""
    _send("invitation_requested", invitation, to=invitation.inviter.recipient)


def _send(template: str, invitation: Invitation, *, to: Recipient, **context: Any) -> None:
    end = invitation.grant_expires_at
    notify(
        template,
        to=to,
        invitation_id=invitation.public_id,
        protocol=invitation.protocol,
        holder_name=invitation.holder.name,
        guest_name=invitation.guest_name,
        level=invitation.level.value,
        count=invitation.installation_count,
        expires_at=invitation.expires_at.isoformat(),
        access_ends_at=end.isoformat() if end else "",
        **context,
    )
