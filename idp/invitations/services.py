"""What can be done with an invitation. Each flushes and leaves the commit to its caller."""

from datetime import datetime, timedelta

from flask import current_app

from idp.accounts.models import Account
from idp.grants.scope import Scope
from idp.invitations import giving, letters
from idp.invitations.errors import InvitationSettled, InvitationUnavailable
from idp.invitations.locking import get_locked
from idp.invitations.lookup import batch_of, find_successor
from idp.invitations.models import Invitation
from idp.invitations.offering import offer, resend
from idp.invitations.rules import Standing, standing_of
from idp.invitations.sending import Guest, send, send_together
from idp.invitations.settling import accept, cancel, decline, lapse_due
from idp.rate_limits import Limit

__all__ = [
    "Guest",
    "Scope",
    "accept",
    "cancel",
    "count_attempt",
    "decline",
    "get_locked",
    "lapse_due",
    "offer",
    "request_again",
    "resend",
    "send",
    "send_together",
]

ASK_AGAIN = Limit("invitation.ask_again", burst=1, interval=timedelta(hours=12))


def count_attempt(account: Account) -> None:
    """Count an invitation that `account` is about to send; raises `TooManyAttempts`.

    Called before the transaction: it counts even when nothing is sent.
    """
    burst = current_app.config["INVITATIONS_PER_HOUR"]
    Limit("invitation.send", burst, timedelta(hours=1) / burst).hit(account.public_id)


def request_again(invitation: Invitation, *, at: datetime) -> None:
    """Tell who sent it that the guest would like a new invitation, at most once in 12 h.

    Raises `InvitationSettled` unless it lapsed, `InvitationUnavailable` when nobody is there who
    could send a new one, and `TooManyAttempts`.
    """
    if standing_of(invitation, at) is not Standing.LAPSED or find_successor(invitation):
        raise InvitationSettled
    if not giving.has_giver(invitation, at):
        raise InvitationUnavailable
    ASK_AGAIN.hit(invitation.batch or invitation.public_id)
    others = [each for each in batch_of(invitation) if each is not invitation]
    lapsed = [each for each in others if standing_of(each, at) is Standing.LAPSED]
    letters.requested([invitation, *lapsed])
