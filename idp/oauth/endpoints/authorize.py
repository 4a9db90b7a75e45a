"""`/oauth/authorize` (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2)."""

from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, http_errors
from idp.accounts import sessions
from idp.client_address import client_network
from idp.extensions import csrf, transaction
from idp.oauth.authorization import (
    account_page,
    consent_page,
    interaction,
    keeping,
    on_behalf,
    pushed,
    responses,
    sources,
)
from idp.oauth.authorization.pushed import RequestGone
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.authorization.responses import told_to
from idp.oauth.authorization.rules import Step, next_step
from idp.oauth.authorization.ways import MAXIMUM_LENGTH
from idp.oauth.blueprint import blueprint
from idp.oauth.request import Payload, Request


@blueprint.get("/oauth/authorize")
def authorize() -> ResponseReturnValue:
    """Check the request, then sign in, ask, or answer: whatever comes next."""
    at = clock.now()
    try:
        payload = Request(request).payload
        if sources.is_packed(payload):
            return _unpack(payload, at)
        with transaction():
            asked = keeping.open_(payload, at=at)
        with told_to(asked.answer_to):
            return _proceed(asked, at)
    except OAuth2Error as error:
        return refuse(error)


@blueprint.post("/oauth/authorize")
def post_authorize() -> ResponseReturnValue:
    """The same by GET: a browser doesn't send our cookie with another site's form."""
    try:
        payload = Request(request).payload
        if sources.is_packed(payload):
            return _unpack(payload, clock.now())
    except OAuth2Error as error:
        return refuse(error)
    query = urlencode(list(request.form.items(multi=True)))
    if len(query) > MAXIMUM_LENGTH:
        return _page("invalid_request")
    return redirect(f"{url_for('oauth.authorize')}?{query}", HTTPStatus.SEE_OTHER)


csrf.exempt(post_authorize)


def _unpack(payload: Payload, at: datetime) -> ResponseReturnValue:
    """A request object is kept here, and the browser goes on with its name."""
    pushed.UNPROVEN.hit(client_network())
    with transaction():
        query = urlencode(keeping.unpack(payload, at=at))
    return redirect(f"{url_for('oauth.authorize')}?{query}", HTTPStatus.SEE_OTHER)


def _proceed(asked: AuthorizationRequest, at: datetime) -> ResponseReturnValue:
    query = list(request.args.items(multi=True))
    session = sessions.find_session()
    behalf = on_behalf.settle(asked, session, at=at)
    situation = interaction.situation(asked, query, session, behalf, at=at)
    step = next_step(asked.prompt, asked.max_age, situation, at=at)
    if session is None or step is Step.SIGN_IN:
        return redirect(interaction.sign_in_address(asked, query, at=at), HTTPStatus.SEE_OTHER)
    if step is Step.STEP_UP:
        return redirect(interaction.step_up_address(asked, query, at=at), HTTPStatus.SEE_OTHER)
    if step is Step.SELECT:
        return account_page.show(asked, session, query, at=at)
    if step is Step.CHOOSE:
        return redirect(f"{url_for('oauth.show_holders')}?{urlencode(query)}", HTTPStatus.SEE_OTHER)
    details = interaction.details_for(asked, session, behalf, at=at)
    if step is Step.CONSENT:
        return consent_page.show(asked, session, details, behalf, query)
    with transaction():
        return interaction.issue(asked, session, details, behalf, at=at)


def refuse(error: OAuth2Error) -> ResponseReturnValue:
    """Back to the client if that is sure to be the client, else a page for the person."""
    to: responses.ReturnAddress | None = getattr(error, "answer_to", None)
    if to is None:
        return _page(error.error, is_gone=isinstance(error, RequestGone))
    return responses.refusal(to, error)


def _page(code: str, *, is_gone: bool = False) -> ResponseReturnValue:
    text = _("The application sent you here with a request that we can't serve.")
    if is_gone:
        text = _(
            "This took too long, or was done already. Go back to the application and start again."
        )
    return http_errors.answer(HTTPStatus.BAD_REQUEST, code, text)
