"""More assurance of somebody who is signed in: the second factor, or a passkey for both."""

from http import HTTPStatus
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts import limits, reauthentication, return_to, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import passkeys, pending, showing
from idp.accounts.factors.errors import PasskeyRefused, WrongCode
from idp.accounts.factors.models import Purpose
from idp.accounts.factors.schemas import AnswerSchema, FactorSchema
from idp.accounts.models import Account, BrowserSession
from idp.accounts.refusals import shown_again
from idp.accounts.sessions import ACR_TWO_FACTORS, acr_of, sign_in_required
from idp.accounts.sign_in import page
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/factors/ask.html"
PASSKEY = "accounts/factors/confirm_passkey.html"


@blueprint.get("/account/confirm/factor")
@sign_in_required
def step_up() -> ResponseReturnValue:
    """Ask for the factor, offer to set one up, or go on where it was shown already."""
    session = sessions.current_session()
    if acr_of(session.amr) == ACR_TWO_FACTORS:
        return redirect(_next(), HTTPStatus.SEE_OTHER)
    if not pending.has_factor(session.account_id):
        essential = request.args.get("essential") == "1"
        following = _known_next()
        context = {"next": following, "essential": essential, **page.additions(following)}
        return render_template("accounts/factors/offer.html", **context)
    return render_template(TEMPLATE, form=Form(), **_context(session))


@blueprint.post("/account/confirm/factor")
@sign_in_required
def submit_step_up() -> ResponseReturnValue:
    """Note it and go on to `next`."""
    session, form = sessions.current_session(), Form()
    data = form.load(FactorSchema())
    if data is None:
        return shown_again(TEMPLATE, form, **_context(session))
    try:
        _give_code(session, data["code"])
    except DomainError as error:
        return shown_again(TEMPLATE, form, error, **_context(session))
    return redirect(_next(), HTTPStatus.SEE_OTHER)


@blueprint.get("/account/confirm/passkey")
@sign_in_required
def confirm_by_passkey() -> ResponseReturnValue:
    """Ask for a passkey where the password would do too."""
    return render_template(PASSKEY, form=Form(), **_context(sessions.current_session()))


@blueprint.post("/account/confirm/passkey/challenge")
@sign_in_required
def challenge_step_up() -> ResponseReturnValue:
    """What the browser is to ask a passkey of this person."""
    limits.passkey()
    with transaction():
        asked = passkeys.ask(Purpose.CONFIRM, sessions.current_account(), at=clock.now())
    return Response(asked, content_type="application/json")


@blueprint.post("/account/confirm/passkey")
@sign_in_required
def submit_step_up_passkey() -> ResponseReturnValue:
    """Note it and go on to `next`, which asks for what is still missing, if anything."""
    session, form = sessions.current_session(), Form()
    data = form.load(AnswerSchema())
    if data is None:
        return shown_again(PASSKEY, form, **_context(session))
    try:
        limits.passkey()
        with transaction():
            shown = showing.step_up_by_passkey(session, data["credential"], at=clock.now())
        if not shown:
            raise PasskeyRefused
    except DomainError as error:
        return shown_again(PASSKEY, form, error, **_context(session))
    return redirect(_next(), HTTPStatus.SEE_OTHER)


def way_by_passkey(account: Account, following: str) -> reauthentication.Way | None:
    """The link on the page that asks for the password, for somebody who has a passkey."""
    if not passkeys.of(account):
        return None
    address = url_for("accounts.confirm_by_passkey", next=following or None)
    return reauthentication.Way(address, _("Use a passkey"))


reauthentication.ways.append(way_by_passkey)


def _give_code(session: BrowserSession, code: str) -> None:
    """Raises `WrongCode` after what the try left behind is committed, or `TooManyAttempts`."""
    name = session.account.public_id
    limits.factor(name)
    with transaction():
        is_right = showing.step_up_by_code(session, code, at=clock.now())
    if not is_right:
        raise WrongCode
    limits.forgive_factor(name)


def _context(session: BrowserSession) -> dict[str, Any]:
    following = _known_next()
    return {
        "next": following,
        "is_signed_in": True,
        "is_owed": pending.is_owed(session),
        "has_passkeys": bool(passkeys.of(session.account)),
        "passkey_action": url_for("accounts.submit_step_up_passkey", next=following or None),
        "passkey_challenge": url_for("accounts.challenge_step_up"),
        **page.additions(following),
    }


def _next() -> str:
    return return_to.safe(request.args.get("next"))


def _known_next() -> str:
    return return_to.known(request.args.get("next"))
