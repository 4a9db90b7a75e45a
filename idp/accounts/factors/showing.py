"""A person shows their second factor: to finish a sign-in, or for more assurance later.

Refusals are returned, not raised: what they leave behind has to be committed.
"""

from datetime import datetime

from idp.accounts import locking, reauthentication, sessions
from idp.accounts.factors import apps, passkeys, pending, recovery_codes
from idp.accounts.factors.models import Kind, PendingSignIn, Purpose
from idp.accounts.factors.rules import OTP, is_app_code, together
from idp.accounts.lookup import VISITOR, Credentials
from idp.accounts.models import Account, BrowserSession
from idp.accounts.sign_in import known_devices
from idp.accounts.sign_in import services as signing_in
from idp.audit import Event, record


def sign_in_by_code(waiting: PendingSignIn, code: str, *, remember: bool, at: datetime) -> bool:
    """Start the session, or count the failure; tells which. The person may want this browser to
    be remembered: then it isn't asked for the factor for a while."""
    if not pending.hold(waiting, at=at):
        return False
    if not _is_right(waiting.account, code, at):
        pending.count_try(waiting)
        return False
    _finish(waiting, OTP, at)
    if remember:
        known_devices.remember(waiting.account_id, at)
    return True


def sign_in_by_passkey(waiting: PendingSignIn, answer: str, *, at: datetime) -> bool:
    """The same by a passkey of the person's."""
    if not pending.hold(waiting, at=at):
        return False
    shown = passkeys.use(Purpose.FACTOR, waiting.account, answer, at=at)
    if shown is None:
        pending.count_try(waiting)
        return False
    _finish(waiting, shown.amr, at)
    return True


def sign_in_by_passkey_alone(answer: str, *, at: datetime) -> bool:
    """Start the session of whosever passkey it is, who was verified by it: both factors in one."""
    shown = passkeys.use(Purpose.SIGN_IN, None, answer, at=at)
    if shown is None:
        return False
    signing_in.finish(_credentials(shown.account), amr=[shown.amr], at=at)
    return True


def step_up_by_code(browser_session: BrowserSession, code: str, *, at: datetime) -> bool:
    """Note in the session that the factor was shown too, or leave a trace of the failure."""
    account = browser_session.account
    locking.check_unlocked(account)
    if not _is_right(account, code, at):
        return False
    step_up(browser_session, OTP)
    return True


def step_up_by_passkey(browser_session: BrowserSession, answer: str, *, at: datetime) -> bool:
    """The same by a passkey; one that also verified who holds it is as good as signing in anew."""
    account = browser_session.account
    locking.check_unlocked(account)
    shown = passkeys.use(Purpose.CONFIRM, account, answer, at=at)
    if shown is None:
        return False
    if shown.verified:
        reauthentication.settle(browser_session, matches=True, at=at)
    step_up(browser_session, shown.amr)
    return True


def step_up(browser_session: BrowserSession, amr: str) -> None:
    """The session has two factors from now on; when the person signed in stays what it was."""
    account = browser_session.account
    sessions.strengthen(browser_session, amr=together(browser_session.amr, amr))
    session = browser_session.public_id
    record(Event.FACTOR_SHOWN, by=account.actor, account=account.public_id, session=session)


def _finish(waiting: PendingSignIn, amr: str, at: datetime) -> None:
    pending.settle(waiting, at=at)
    shown = together(waiting.amr, amr)
    signing_in.finish(_credentials(waiting.account), amr=shown, at=at)


def _credentials(account: Account) -> Credentials:
    return Credentials(account.id, account.public_id, account.password_hash)


def _is_right(account: Account, code: str, at: datetime) -> bool:
    use = apps.use if is_app_code(code) else recovery_codes.use
    if use(account, code, at=at):
        return True
    record(Event.FACTOR_FAILED, by=VISITOR, account=account.public_id, factor=Kind.CODE.value)
    return False
