"""Signing in: the second factor after the password, or a passkey instead of both."""

from http import HTTPStatus
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, return_to
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import passkeys, pending, showing
from idp.accounts.factors.errors import PasskeyRefused, WrongCode
from idp.accounts.factors.models import PendingSignIn, Purpose
from idp.accounts.factors.schemas import AnswerSchema, FactorSchema
from idp.accounts.models import Account
from idp.accounts.refusals import shown_again
from idp.accounts.sign_in import page
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/factors/ask.html"
JSON = "application/json"


@blueprint.get("/login/factor")
def factor() -> ResponseReturnValue:
    """Ask for the factor; where no sign-in waits, it begins anew."""
    waiting = pending.find()
    if waiting is None:
        return _begin_anew()
    return render_template(TEMPLATE, form=Form(), **_context(waiting.account))


@blueprint.post("/login/factor")
def submit_factor() -> ResponseReturnValue:
    """Start the session and go on to `next`."""
    waiting, form = pending.find(), Form()
    if waiting is None:
        return _begin_anew()
    data = form.load(FactorSchema())
    if data is None:
        return shown_again(TEMPLATE, form, **_context(waiting.account))
    try:
        _give_code(waiting, data["code"], remember=bool(data["remember_device"]))
    except DomainError as error:
        return shown_again(TEMPLATE, form, error, **_context(waiting.account))
    return redirect(_next(), HTTPStatus.SEE_OTHER)


@blueprint.post("/login/factor/passkey/challenge")
def challenge_factor() -> ResponseReturnValue:
    """What the browser is to ask a passkey of this person."""
    waiting = pending.find()
    if waiting is None:
        return _begin_anew()
    limits.passkey()
    with transaction():
        asked = passkeys.ask(Purpose.FACTOR, waiting.account, at=clock.now())
    return Response(asked, content_type=JSON)


@blueprint.post("/login/factor/passkey")
def submit_factor_passkey() -> ResponseReturnValue:
    """Start the session and go on to `next`."""
    waiting, form = pending.find(), Form()
    if waiting is None:
        return _begin_anew()
    data = form.load(AnswerSchema())
    if data is None:
        return shown_again(TEMPLATE, form, **_context(waiting.account))
    try:
        limits.passkey()
        with transaction():
            shown = showing.sign_in_by_passkey(waiting, data["credential"], at=clock.now())
        if not shown:
            raise PasskeyRefused
    except DomainError as error:
        return shown_again(TEMPLATE, form, error, **_context(waiting.account))
    return redirect(_next(), HTTPStatus.SEE_OTHER)


@blueprint.get("/login/factor/lost")
def factor_lost() -> ResponseReturnValue:
    """What to do without phone and key: a recovery code, else our staff."""
    return render_template("accounts/factors/lost.html", next=_known_next())


@blueprint.post("/login/passkey/challenge")
def challenge_sign_in() -> ResponseReturnValue:
    """What the browser is to ask whichever passkey the person chooses: the same for everybody."""
    limits.passkey()
    with transaction():
        asked = passkeys.ask(Purpose.SIGN_IN, None, at=clock.now())
    return Response(asked, content_type=JSON)


@blueprint.post("/login/passkey")
def submit_passkey() -> ResponseReturnValue:
    """Start the session of whosever passkey it is; every failure answers alike."""
    template, form = "accounts/factors/passkey_refused.html", Form()
    data = form.load(AnswerSchema())
    if data is None:
        return shown_again(template, form, next=_known_next())
    try:
        limits.passkey()
        with transaction():
            signed_in = showing.sign_in_by_passkey_alone(data["credential"], at=clock.now())
        if not signed_in:
            raise PasskeyRefused
    except DomainError as error:
        return shown_again(template, form, error, next=_known_next())
    return redirect(_next(), HTTPStatus.SEE_OTHER)


def _give_code(waiting: PendingSignIn, code: str, *, remember: bool) -> None:
    """Raises `WrongCode` after what the try left behind is committed, or `TooManyAttempts`."""
    name = waiting.account.public_id
    limits.factor(name)
    with transaction():
        is_right = showing.sign_in_by_code(waiting, code, remember=remember, at=clock.now())
    if not is_right:
        raise WrongCode
    limits.forgive_factor(name)


def _begin_anew() -> ResponseReturnValue:
    return redirect(url_for("accounts.sign_in", next=_known_next() or None), HTTPStatus.SEE_OTHER)


def _context(account: Account) -> dict[str, Any]:
    following = _known_next()
    return {
        "next": following,
        "has_passkeys": bool(passkeys.of(account)),
        "passkey_action": url_for("accounts.submit_factor_passkey", next=following or None),
        "passkey_challenge": url_for("accounts.challenge_factor"),
        **page.additions(following),
    }


def _next() -> str:
    return return_to.safe(request.args.get("next"))


def _known_next() -> str:
    return return_to.known(request.args.get("next"))
