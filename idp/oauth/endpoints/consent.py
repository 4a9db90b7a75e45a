"""The person's answer on the consent page."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import AccessDeniedError, OAuth2Error
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import sessions
from idp.accounts.models import BrowserSession
from idp.extensions import transaction
from idp.oauth.authorization import consents, interaction, on_behalf, requests
from idp.oauth.authorization.on_behalf import Behalf
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.authorization.responses import told_to
from idp.oauth.authorization.rules import Step, next_step
from idp.oauth.blueprint import blueprint
from idp.oauth.endpoints.authorize import refuse
from idp.oauth.request import Payload

ALLOW = "allow"
DENY = "deny"


@blueprint.get("/oauth/consent")
def show_consent() -> ResponseReturnValue:
    """The page itself is shown by the authorization endpoint."""
    return _ask_again()


@blueprint.post("/oauth/consent")
def consent() -> ResponseReturnValue:
    """Allow or deny; the whole request stands in the address and is checked anew."""
    try:
        asked = requests.check(Payload(request.args), at=clock.now())
        with told_to(asked.answer_to):
            return _decide(asked)
    except OAuth2Error as error:
        return refuse(error)


def _decide(asked: AuthorizationRequest) -> ResponseReturnValue:
    decision = request.form.get("decision")
    at = clock.now()
    session = sessions.find_session()
    behalf = on_behalf.settle(asked, session, at=at)
    if session is None or not _is_settled(asked, session, behalf) or decision not in {ALLOW, DENY}:
        return _ask_again()
    if decision == DENY:
        with transaction():
            interaction.settle(asked, at=at)
        raise AccessDeniedError("The person did not agree.")
    details = interaction.details_for(asked, session, behalf, at=at)
    if request.form.get("seen") != interaction.fingerprint(details, behalf):
        return _ask_again()  # something changed since the page was shown
    with transaction():
        consents.give(session.account, asked.client, asked.told, at=at)
        return interaction.issue(asked, session, details, behalf, at=at)


def _is_settled(asked: AuthorizationRequest, session: BrowserSession, behalf: Behalf) -> bool:
    """Whether nothing but the answer is missing."""
    at = clock.now()
    query = list(request.args.items(multi=True))
    situation = interaction.situation(asked, query, session, behalf, at=at)
    step = next_step(asked.prompt, asked.max_age, situation, at=at)
    return step in {Step.CONSENT, Step.ISSUE}


def _ask_again() -> ResponseReturnValue:
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{url_for('oauth.authorize')}?{query}", HTTPStatus.SEE_OTHER)
