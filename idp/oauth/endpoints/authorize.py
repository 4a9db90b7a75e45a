"""`/oauth/authorize` (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2)."""

from http import HTTPStatus
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, http_errors
from idp.accounts import sessions
from idp.extensions import csrf, transaction
from idp.oauth.authorization import consent_page, interaction, on_behalf, requests
from idp.oauth.authorization.checks import MAXIMUM_LENGTH
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.authorization.rules import Step, next_step
from idp.oauth.blueprint import blueprint
from idp.oauth.request import Payload, Request
from idp.oauth.server import back_to_client


@blueprint.get("/oauth/authorize")
def authorize() -> ResponseReturnValue:
    """Check the request, then sign in, ask, or answer: whatever comes next."""
    try:
        asked = requests.check(Request(request).payload)
    except OAuth2Error as error:
        return refuse(error, Payload(request.args))
    try:
        return _proceed(asked)
    except OAuth2Error as error:
        error.redirect_uri = asked.redirect_uri
        return refuse(error, Payload(request.args))


@blueprint.post("/oauth/authorize")
def post_authorize() -> ResponseReturnValue:
    """The same by GET: a browser doesn't send our cookie with another site's form."""
    query = urlencode(list(request.form.items(multi=True)))
    if len(query) > MAXIMUM_LENGTH:
        return _page("invalid_request")
    return redirect(f"{url_for('oauth.authorize')}?{query}", HTTPStatus.SEE_OTHER)


csrf.exempt(post_authorize)


def _proceed(asked: AuthorizationRequest) -> ResponseReturnValue:
    at = clock.now()
    query = list(request.args.items(multi=True))
    session = sessions.find_session()
    behalf = on_behalf.settle(asked, session, at=at)
    situation = interaction.situation(asked, query, session, behalf, at=at)
    step = next_step(asked.prompt, asked.max_age, situation, at=at)
    if session is None or step is Step.SIGN_IN:
        return redirect(interaction.sign_in_address(asked, query, at=at), HTTPStatus.SEE_OTHER)
    if step is Step.STEP_UP:
        return redirect(interaction.step_up_address(asked, query, at=at), HTTPStatus.SEE_OTHER)
    if step is Step.CHOOSE:
        return redirect(f"{url_for('oauth.show_holders')}?{urlencode(query)}", HTTPStatus.SEE_OTHER)
    details = interaction.details_for(asked, session, behalf, at=at)
    if step is Step.CONSENT:
        return consent_page.show(asked, session, details, behalf, query)
    with transaction():
        return interaction.issue(asked, session, details, behalf, at=at)


def refuse(error: OAuth2Error, payload: Payload) -> ResponseReturnValue:
    """Back to the client if that is sure to be the client, else a page for the person."""
    if not error.redirect_uri:
        return _page(error.error)
    state = payload.state or ""
    body = {"error": error.error, "error_description": error.get_error_description()}
    return back_to_client(error.redirect_uri, {**body, "state": state})


def _page(code: str) -> ResponseReturnValue:
    text = _("The application sent you here with a request that we can't serve.")
    return http_errors.answer(HTTPStatus.BAD_REQUEST, code, text)
