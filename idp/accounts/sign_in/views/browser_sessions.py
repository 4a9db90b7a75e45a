"""Where I am signed in."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import endings, reauthentication, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.models import BrowserSession
from idp.accounts.sessions import sign_in_required
from idp.accounts.sign_in import known_devices
from idp.accounts.sign_in.devices import approximate, device_name
from idp.audit import Event, record
from idp.errors import NotFound
from idp.extensions import transaction


@blueprint.get("/account/sessions")
@sign_in_required
def browser_sessions() -> ResponseReturnValue:
    """Every browser, this one marked."""
    return render_template(
        "accounts/sign_in/sessions.html",
        sessions=sessions.live_sessions(sessions.current_account(), at=clock.now()),
        current=sessions.current_session(),
        device_name=device_name,
        network_of=approximate,
    )


@blueprint.get("/account/sessions/<sid>/end")
@sign_in_required
def show_session(sid: str) -> ResponseReturnValue:
    """Whoever had to confirm the password before ending it finds the button here again."""
    return redirect(url_for("accounts.browser_sessions"))


@blueprint.post("/account/sessions/<sid>/end")
@reauthentication.recently
def end_session(sid: str) -> ResponseReturnValue:
    """Sign one browser out; only one's own can be named."""
    account, at = sessions.current_account(), clock.now()
    with transaction():
        named = _named(sid, sessions.live_sessions(account, at=at))
        here = named is sessions.current_session()
        sessions.end(named, at=at)
        known_devices.forget_remembered_elsewhere(account.id)
        record(Event.SESSION_ENDED, by=account.actor, account=account.public_id, session=sid)
    endpoint = "accounts.signed_out" if here else "accounts.browser_sessions"
    return redirect(url_for(endpoint), HTTPStatus.SEE_OTHER)


@blueprint.get("/account/sessions/others")
@reauthentication.recently
def other_sessions() -> ResponseReturnValue:
    """Say what will happen before it does."""
    live = sessions.live_sessions(sessions.current_account(), at=clock.now())
    others = [each for each in live if each is not sessions.current_session()]
    return render_template(
        "accounts/sign_in/other_sessions.html", others=others, device_name=device_name
    )


@blueprint.post("/account/sessions/others")
@reauthentication.recently
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other browser out."""
    account = sessions.current_account()
    with transaction():
        ended = endings.end_all(account, at=clock.now(), keep=sessions.current_session())
        known_devices.forget_remembered_elsewhere(account.id)
        record(
            Event.SESSION_ENDED, by=account.actor, account=account.public_id, sessions_ended=ended
        )
    return redirect(url_for("accounts.browser_sessions"), HTTPStatus.SEE_OTHER)


def _named(sid: str, live: list[BrowserSession]) -> BrowserSession:
    for each in live:
        if each.public_id == sid:
            return each
    raise NotFound
