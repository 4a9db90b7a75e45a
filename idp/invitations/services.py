"""What can be done with an invitation. Each flushes and leaves the commit to its caller."""

from datetime import datetime, timedelta

from flask import current_app

from idp.accounts.models import Account
from idp.invitations import letters
from idp.invitations.errors import InvitationSettled
from idp.invitations.lookup import find_successor, get_locked
from idp.invitations.models import Invitation
from idp.invitations.offering import offer, resend
from idp.invitations.rules import Standing, standing_of
from idp.invitations.sending import Guest, Scope, send, send_together
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
    """Tell the holder that the guest would like a new invitation, at most once in 12 h.

    Raises `InvitationSettled` unless it lapsed, and `TooManyAttempts`.
    """
    if standing_of(invitation, at) is not Standing.LAPSED or find_successor(invitation):
        raise InvitationSettled
    ASK_AGAIN.hit(invitation.public_id)
    letters.requested(invitation)
