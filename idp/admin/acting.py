"""What staff do to accounts, grants and invitations: each step with a reason, in one place."""

from collections.abc import Callable, Sequence

from idp import clock
from idp.accounts import endings, locking
from idp.accounts.data import erasure
from idp.admin import reading, sessions
from idp.admin.errors import NoInstallationChosen, TickedInVain
from idp.audit import Event, record
from idp.grants import ledger
from idp.grants import services as grants
from idp.grants.cancelling import cancel_all_of
from idp.invitations import services as invitations
from idp.mail import notify

OnAccount = Callable[[str, str], None]  # public id and reason


def lock_account(public_id: str, reason: str) -> None:
    """Shut the account out, sessions included, and cancel every grant it gave or received."""
    by, at = sessions.current_member().actor, clock.now()
    account = reading.get_account(public_id)
    if locking.lock(account, by=by, at=at, reason=reason):
        cancel_all_of(account, by=by, at=at, reason=reason)
        notify("staff_account_locked", to=account.recipient)


def unlock_account(public_id: str, reason: str) -> None:
    """Let the account in again; what was cancelled stays so."""
    by, at = sessions.current_member().actor, clock.now()
    account = reading.get_account(public_id)
    if locking.unlock(account, by=by, at=at, reason=reason):
        notify("staff_account_unlocked", to=account.recipient)


def erase_account(public_id: str, reason: str, confirmation: str) -> None:
    """Forget the person, as they asked for, and end all that was done in their name."""
    account = reading.get_account(public_id)
    by, at = sessions.current_member().actor, clock.now()
    erasure.erase(account, by=by, at=at, reason=reason, confirmation=confirmation)


def end_sessions(public_id: str, reason: str) -> None:
    """Sign the account out of every browser and every application."""
    account = reading.get_account(public_id)
    ended = endings.end_everything(account, at=clock.now())
    record(
        Event.SESSION_ENDED,
        by=sessions.current_member().actor,
        account=account.public_id,
        sessions=ended,
        reason=reason,
    )


def revoke_grant(public_id: str, *, scope: str, installations: Sequence[str], reason: str) -> None:
    """Revoke the whole grant, or for the installations with these UUIDs only.

    Raises NotFound, TickedInVain when both were asked for and, when none of the chosen is part of
    the grant, NoInstallationChosen.
    """
    if scope == "all" and installations:
        raise TickedInVain
    by, at = sessions.current_member().actor, clock.now()
    grant = grants.get_locked(public_id)
    if scope == "all":
        grants.revoke(grant, by=by, at=at, reason=reason)
        return
    chosen = ledger.ids_of(grant, installations)
    if not chosen:
        raise NoInstallationChosen
    grants.revoke_installations(grant, chosen, by=by, at=at, reason=reason)


def cancel_invitation(public_id: str, reason: str) -> None:
    """Take the offer back, so that nobody can accept it."""
    invitation = invitations.get_locked(public_id)
    invitations.cancel(
        invitation, by=sessions.current_member().actor, at=clock.now(), reason=reason
    )
