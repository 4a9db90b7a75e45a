"""The person's answer to "on whose behalf?"."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from idp import clock
from idp.accounts import sessions
from idp.accounts.models import BrowserSession
from idp.extensions import transaction
from idp.forms import Form, FormSchema, TextField
from idp.grants import holders
from idp.oauth.authorization import holder_page, interaction, on_behalf, requests
from idp.oauth.authorization.marks import Query
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.blueprint import blueprint
from idp.oauth.endpoints.authorize import refuse
from idp.oauth.errors import HolderGone
from idp.oauth.request import Payload

Step = Callable[[AuthorizationRequest, BrowserSession, Query], ResponseReturnValue]


class HolderForm(FormSchema):
    """Which of the page's holders."""

    holder = TextField(missing_text=_("Choose on whose behalf."))


@blueprint.get("/oauth/holder")
def show_holders() -> ResponseReturnValue:
    """The question; the whole request stands in the address."""
    return _with_request(_show)


@blueprint.post("/oauth/holder")
def choose_holder() -> ResponseReturnValue:
    """Remember the answer and go on with the request, which is checked anew."""
    return _with_request(_choose)


def _with_request(step: Step) -> ResponseReturnValue:
    """Take the step, or go on where there is nothing for this person to pick."""
    try:
        asked = requests.check(Payload(request.args), at=clock.now())
    except OAuth2Error as error:
        return refuse(error)
    query = list(request.args.items(multi=True))
    session = sessions.find_session()
    if session is None or not on_behalf.settle(asked, session, at=clock.now()).may_pick:
        return _go_on(query)
    return step(asked, session, query)


def _show(
    asked: AuthorizationRequest, session: BrowserSession, query: Query
) -> ResponseReturnValue:
    return holder_page.show(asked, session, query, Form())


def _choose(
    asked: AuthorizationRequest, session: BrowserSession, query: Query
) -> ResponseReturnValue:
    at, form = clock.now(), Form()
    if data := form.load(HolderForm()):
        picked = holders.find_by_key(session.account_id, data["holder"], at=at)
        if picked is not None:
            with transaction():
                on_behalf.choose(session, asked.client, picked.holder, at=at)
            kept = holder_page.of_request(query)
            address = interaction.chosen_address(asked, session, kept, at=at)
            return redirect(address, HTTPStatus.SEE_OTHER)
        form.refuse(HolderGone())
    return holder_page.show(asked, session, query, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _go_on(query: Query) -> ResponseReturnValue:
    return redirect(f"{url_for('oauth.authorize')}?{urlencode(query)}", HTTPStatus.SEE_OTHER)
