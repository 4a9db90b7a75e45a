"""The authenticator app: set up with a QR code, and removed."""

from http import HTTPStatus
from typing import Any

import segno
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from idp import clock, totp
from idp.accounts import limits, reauthentication, return_to, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import apps, showing
from idp.accounts.factors.errors import AppExists, SetUpStale
from idp.accounts.factors.rules import OTP
from idp.accounts.factors.schemas import AppSchema
from idp.accounts.refusals import shown_again
from idp.errors import DomainError, NotFound
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/factors/app.html"
GROUP = 4  # characters of the secret that are read together


@blueprint.get("/account/security/app")
@reauthentication.required
def set_up_app() -> ResponseReturnValue:
    """Show the QR code, and the secret for those who can't scan it."""
    if apps.find(sessions.current_account()) is not None:
        return redirect(url_for("accounts.factors"))
    form = Form()
    return render_template(TEMPLATE, form=form, **_context(form))


@blueprint.post("/account/security/app")
@reauthentication.required
def submit_app() -> ResponseReturnValue:
    """Keep the app once its code is right; with the first factor come the recovery codes."""
    form = Form()
    data = form.load(AppSchema())
    if data is None:
        return _shown_again(form)
    try:
        codes = _add(data["setup"], data["code"])
    except AppExists:
        return redirect(url_for("accounts.factors"), HTTPStatus.SEE_OTHER)
    except DomainError as error:
        return _shown_again(form, error)
    following = return_to.known(request.args.get("next"))
    if codes:
        return render_template("accounts/factors/codes_made.html", codes=codes, next=following)
    return redirect(following or url_for("accounts.factors"), HTTPStatus.SEE_OTHER)


@blueprint.get("/account/security/app/removal")
@reauthentication.required
def confirm_app_removal() -> ResponseReturnValue:
    """Name what will be lost."""
    if apps.find(sessions.current_account()) is None:
        raise NotFound
    return render_template("accounts/factors/app_removal.html")


@blueprint.post("/account/security/app/removal")
@reauthentication.required
def remove_app() -> ResponseReturnValue:
    """Do without it."""
    with transaction():
        apps.remove(sessions.current_account(), at=clock.now())
    return redirect(url_for("accounts.factors"), HTTPStatus.SEE_OTHER)


def _add(setup: str, code: str) -> list[str]:
    session, at = sessions.current_session(), clock.now()
    secret = apps.read_offer(setup, session)
    limits.factor(session.account.public_id)
    with transaction():
        codes = apps.add(session.account, secret, code, at=at)
        showing.step_up(session, OTP)
    limits.forgive_factor(session.account.public_id)
    return codes


def _shown_again(form: Form, error: DomainError | None = None) -> Response:
    return shown_again(TEMPLATE, form, error, **_context(form))


def _context(form: Form) -> dict[str, Any]:
    """The seed that the form was made for, or another one if that can't be read."""
    session = sessions.current_session()
    setup = form.values.get("setup", "")
    try:
        secret = apps.read_offer(setup, session)
    except SetUpStale:
        setup = apps.offer(session)
        secret = apps.read_offer(setup, session)
    code = segno.make_qr(totp.address_of(secret, session.account.email), error="m")
    shown = " ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP))
    # Plain colours, whatever the theme: scanners want dark on light, with a quiet zone of four.
    drawing = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return {
        "setup": setup,
        "secret": shown,
        "qr_code": Markup(drawing),  # noqa: S704 - made of numbers alone
        "next": return_to.known(request.args.get("next")),
    }
