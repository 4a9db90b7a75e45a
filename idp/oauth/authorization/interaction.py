"""The steps that an authorization request takes through a person's browser, and its last one."""

import hashlib
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.rfc6749 import AccessDeniedError, OAuth2Error
from authlib.oidc.core.errors import LoginRequiredError
from flask import url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from idp import clock, headers
from idp.accounts.models import BrowserSession
from idp.accounts.sessions import ACR_TWO_FACTORS, acr_of
from idp.accounts.sign_in import page as sign_in_page
from idp.oauth import subjects
from idp.oauth.authorization import (
    authorization_details,
    authorizations,
    claims_requests,
    consents,
    marks,
    on_behalf,
    pushed,
    requests,
    responses,
    shown,
)
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.marks import Query
from idp.oauth.authorization.on_behalf import Behalf
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.authorization.rules import Situation
from idp.oauth.request import Payload
from idp.oauth.tokens import id_tokens


def situation(
    asked: AuthorizationRequest,
    query: Query,
    session: BrowserSession | None,
    behalf: Behalf,
    *,
    at: datetime,
) -> Situation:
    """Who is there, and what was settled before."""
    return Situation(
        authenticated_at=session.authenticated_at if session else None,
        asked_again_at=marks.find(marks.ASKED_AGAIN, query, asked, at=at),
        names_person=bool(asked.id_token_hint or claims_requests.subject(asked.claims)),
        is_wanted_person=_is_wanted(asked, session),
        lacks_factor=asked.wish.two_factors and not _has_two_factors(session),
        needs_factor=asked.wish.essential,
        asked_factor=marks.find(marks.ASKED_FACTOR, query, asked, at=at) is not None,
        chosen=session is not None and _has_chosen(asked, query, session, at),
        may_pick=behalf.may_pick,
        must_pick=behalf.is_open,
        consented=session is not None and _is_agreed(asked, session),
    )


def sign_in_address(asked: AuthorizationRequest, query: Query, *, at: datetime) -> str:
    """The sign-in page, which comes back to this very request; `again` even if signed in."""
    following = marks.address(marks.ASKED_AGAIN, asked, query, at=at)
    locales = asked.ui_locales or None
    return url_for("accounts.sign_in", next=following, again=1, ui_locales=locales)


def step_up_address(asked: AuthorizationRequest, query: Query, *, at: datetime) -> str:
    """The page that asks for the second factor, which comes back to this very request."""
    following = marks.address(marks.ASKED_FACTOR, asked, query, at=at)
    essential = 1 if asked.wish.essential else None
    return url_for("accounts.step_up", next=following, essential=essential)


def chosen_address(
    asked: AuthorizationRequest, session: BrowserSession, query: Query, *, at: datetime
) -> str:
    """This very request, going on with what the person chose in this session."""
    return marks.address(marks.CHOSEN, asked, query, sid=session.public_id, at=at)


def details_for(
    asked: AuthorizationRequest, session: BrowserSession, behalf: Behalf, *, at: datetime
) -> list[Detail] | None:
    """What of the details that were asked for the person can give; None if none were asked for.

    Raises access_denied when nothing of it is theirs to give.
    """
    if not asked.details:
        return None
    wanted = on_behalf.narrowed(asked.details, behalf.holder)
    details = authorization_details.grantable(wanted, session.account, at=at)
    if not details:
        raise AccessDeniedError("The person has no access to what was asked for.")
    return details


def issue(
    asked: AuthorizationRequest,
    session: BrowserSession,
    details: list[Detail] | None,
    behalf: Behalf,
    *,
    at: datetime,
) -> Response:
    """Back to the client with a code. Raises `RequestGone` for a request that was answered."""
    settle(asked, at=at)
    code = authorizations.begin(asked, session, details=details, holder=behalf.holder, at=at)
    return responses.answer(asked.answer_to, {"code": code})


def settle(asked: AuthorizationRequest, *, at: datetime) -> None:
    """The request is answered: one that is kept goes. Raises `RequestGone` if it has gone."""
    if asked.name:
        pushed.use(asked.name, asked.client, at=at)


def fingerprint(details: list[Detail] | None, behalf: Behalf) -> str:
    """What the consent page showed, so that nothing else can be agreed to by it."""
    told = [details, str(behalf.holder)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def on_sign_in_page(following: str) -> dict[str, Any]:
    """Name the application that waits behind the sign-in, and let the form lead on to it."""
    parts = urlsplit(following)
    if parts.path != url_for("oauth.authorize"):
        return {}
    try:
        asked = requests.check(Payload(MultiDict(parse_qsl(parts.query))), at=clock.now())
    except OAuth2Error:
        return {}
    headers.allow_form_redirect(asked.redirect_uri)
    hint = {"identifier": asked.login_hint} if asked.login_hint else {}
    return {"application": shown.of(asked.client.metadata), **hint}


def init_app() -> None:
    """Have the sign-in page ask."""
    if on_sign_in_page not in sign_in_page.before_render:
        sign_in_page.before_render.append(on_sign_in_page)


def _has_chosen(
    asked: AuthorizationRequest, query: Query, session: BrowserSession, at: datetime
) -> bool:
    return marks.find(marks.CHOSEN, query, asked, sid=session.public_id, at=at) is not None


def _has_two_factors(session: BrowserSession | None) -> bool:
    """Whether the person showed more than a password in this session."""
    return session is not None and acr_of(session.amr) == ACR_TWO_FACTORS


def _is_wanted(asked: AuthorizationRequest, session: BrowserSession | None) -> bool:
    """Whether it is the person of the hint, and of `sub` in the claims; raises login_required for a
    hint that nobody can fulfil."""
    wanted = {claims_requests.subject(asked.claims)} - {""}
    if asked.id_token_hint:
        claims = id_tokens.read_hint(asked.id_token_hint)
        if claims is None:
            raise LoginRequiredError("id_token_hint can't be read.")
        wanted.add(claims["sub"])
    if session is None:
        return True
    person = subjects.told({"sub": str(session.account.tax_id)}, asked.client)
    return wanted <= {person["sub"]}


def _is_agreed(asked: AuthorizationRequest, session: BrowserSession) -> bool:
    """Details are agreed to one by one, each time; scopes are remembered, but not for an address
    at which any program of the person's device may answer (RFC 8252 section 8.6)."""
    if asked.client.first_party:
        return True
    if asked.client.metadata.is_public and not asked.redirect_uri.startswith("https://"):
        return False
    return not asked.details and consents.covers(session.account, asked.client, asked.told)
