"""Ask for the password again before something sensitive."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import NamedTuple, ParamSpec

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import sessions
from idp.accounts.factors import pending
from idp.accounts.models import Account, BrowserSession
from idp.accounts.sessions import sign_in_required
from idp.audit import Event, record

P = ParamSpec("P")


class Way(NamedTuple):
    """Another way than the password to confirm who one is: a link on the page that asks."""

    url: str
    label: str


# Each gets the account and the local path to go on to; None: the account has not this way. What it
# leads to ends in `settle`.
ways: list[Callable[[Account, str], Way | None]] = []


def ways_of(account: Account, following: str) -> list[Way]:
    """Every other way that this person has."""
    return [found for ask in ways if (found := ask(account, following)) is not None]


def required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Send a stranger to the sign-in page, and somebody who signed in a while ago to
    `/account/confirm`; whoever has a second factor has to have shown it in this session. All come
    back here afterwards."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if pending.is_owed(sessions.current_session()):
            return redirect(url_for("accounts.step_up", next=sessions.here()))
        return view(*args, **kwargs)

    return recently(guarded)


def recently(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """The same without the second factor: whoever lost it has to be able to shut out the thief."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not is_recent(sessions.current_session(), clock.now()):
            return redirect(url_for("accounts.confirm", next=sessions.here()))
        return view(*args, **kwargs)

    return sign_in_required(guarded)


def is_recent(browser_session: BrowserSession, at: datetime) -> bool:
    """Whether the password was checked less than `REAUTHENTICATION_SECONDS` ago."""
    life = timedelta(seconds=current_app.config["REAUTHENTICATION_SECONDS"])
    return at - browser_session.authenticated_at < life


def settle(browser_session: BrowserSession, *, matches: bool, at: datetime) -> bool:
    """Renew the session, or leave a trace of the failure and return False."""
    account = browser_session.account
    event = Event.IDENTITY_CONFIRMED if matches else Event.CONFIRMATION_FAILED
    record(event, by=account.actor, account=account.public_id, session=browser_session.public_id)
    if matches:
        sessions.renew(browser_session, at=at)
    return matches
