"""The person's answer to "on whose behalf?"."""

from http import HTTPStatus
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from idp import clock
from idp.accounts import sessions
from idp.extensions import transaction
from idp.forms import Form, FormSchema, TextField
from idp.grants import holders
from idp.oauth import authorization_requests, holder_page, interaction, on_behalf
from idp.oauth.authorization_requests import AuthorizationRequest
from idp.oauth.blueprint import blueprint
from idp.oauth.endpoints.authorize import refuse
from idp.oauth.errors import HolderGone
from idp.oauth.request import Payload
from idp.oauth.rules import SELECT_ACCOUNT


class HolderForm(FormSchema):
    """Which of the page's holders."""

    holder = TextField(missing_text=_("Choose on whose behalf."))


@blueprint.get("/oauth/holder")
def show_holders() -> ResponseReturnValue:
    """The page itself is shown by the authorization endpoint."""
    return _go_on(list(request.args.items(multi=True)))


@blueprint.post("/oauth/holder")
def choose_holder() -> ResponseReturnValue:
    """Remember the answer; the whole request stands in the address and is checked anew."""
    payload = Payload(request.args)
    try:
        asked = authorization_requests.check(payload)
    except OAuth2Error as error:
        return refuse(error, payload)
    return _choose(asked, list(request.args.items(multi=True)))


def _choose(asked: AuthorizationRequest, query: interaction.Query) -> ResponseReturnValue:
    at = clock.now()
    session = sessions.find_session()
    if session is None or not on_behalf.settle(asked, session, at=at).may_pick:
        return _go_on(query)
    form = Form()
    if (data := form.load(HolderForm())) is None:
        return holder_page.show_again(asked, session, query, form)
    picked = holders.find_by_key(session.account_id, data["holder"], at=at)
    if picked is None:
        form.refuse(HolderGone())
        return holder_page.show_again(asked, session, query, form)
    with transaction():
        on_behalf.choose(session, asked.client, picked.holder, at=at)
    return _go_on(_answered(query))


def _answered(query: interaction.Query) -> interaction.Query:
    """The request without its wish that the person be asked, which is fulfilled."""
    kept = [(name, value) for name, value in query if name != "prompt"]
    prompt = " ".join(
        word for word in dict(query).get("prompt", "").split() if word != SELECT_ACCOUNT
    )
    return [*kept, ("prompt", prompt)] if prompt else kept


def _go_on(query: interaction.Query) -> ResponseReturnValue:
    return redirect(f"{url_for('oauth.authorize')}?{urlencode(query)}", HTTPStatus.SEE_OTHER)
