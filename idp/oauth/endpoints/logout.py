"""`/oauth/logout` (RP-Initiated Logout sections 2 and 3)."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, headers, http_errors
from idp.accounts import sessions
from idp.extensions import csrf, transaction
from idp.forms import Form
from idp.oauth.blueprint import blueprint
from idp.oauth.logout import requests
from idp.oauth.logout.requests import LogoutRequest
from idp.oauth.request import Payload

MAXIMUM_LENGTH = 16_384
CONFIRM = "confirm"


@blueprint.get("/oauth/logout")
def logout() -> ResponseReturnValue:
    """At once for a hint of this very session, else after asking (section 2)."""
    try:
        asked = requests.check(Payload(request.args))
    except OAuth2Error as error:
        return _refuse(error)
    session = sessions.find_session()
    if session is None:
        return _done(asked if asked.sid else None)
    if not asked.is_of(session):
        return _ask(asked)
    with transaction():
        requests.end(session, at=clock.now())
    return _done(asked)


@blueprint.post("/oauth/logout")
def post_logout() -> ResponseReturnValue:
    """The same by GET: a browser doesn't send our cookie with another site's form."""
    try:
        asked = requests.check(Payload(request.form))
    except OAuth2Error as error:
        return _refuse(error)
    locales = request.form.get("ui_locales")
    address = url_for("oauth.logout", asked=requests.keep(asked), ui_locales=locales)
    if len(address) > MAXIMUM_LENGTH:
        return _page("invalid_request")
    return redirect(address, HTTPStatus.SEE_OTHER)


csrf.exempt(post_logout)


@blueprint.get("/oauth/logout/decision")
def show_decision() -> ResponseReturnValue:
    """The page itself is shown by the logout endpoint."""
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{url_for('oauth.logout')}?{query}", HTTPStatus.SEE_OTHER)


@blueprint.post("/oauth/logout/decision")
def decide_logout() -> ResponseReturnValue:
    """The person's answer."""
    if request.form.get("decision") != CONFIRM:
        return redirect(url_for("pages.home"), HTTPStatus.SEE_OTHER)
    try:
        asked = requests.check(Payload(request.args))
    except OAuth2Error as error:
        return _refuse(error)
    session = sessions.find_session()
    if session is not None:
        with transaction():
            requests.end(session, at=clock.now())
    return _done(asked)


def _ask(asked: LogoutRequest) -> ResponseReturnValue:
    if asked.redirect_uri:
        headers.allow_form_redirect(asked.redirect_uri)
    return render_template(
        "oauth/logout.html",
        form=Form(),
        client=asked.client.metadata if asked.client else None,
        account=sessions.current_account(),
        action=url_for("oauth.decide_logout", asked=requests.keep(asked)),
    )


def _done(asked: LogoutRequest | None) -> ResponseReturnValue:
    """On to the application where that is allowed, else a page that says so."""
    address = asked.redirect_uri if asked else ""
    return redirect(address or url_for("accounts.signed_out"), HTTPStatus.SEE_OTHER)


def _refuse(error: OAuth2Error) -> ResponseReturnValue:
    return _page(error.error)


def _page(code: str) -> ResponseReturnValue:
    text = _("The application sent you here with a request that we can't serve.")
    return http_errors.answer(HTTPStatus.BAD_REQUEST, code, text)
