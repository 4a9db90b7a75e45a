"""The authentication request, checked by its form alone (CIBA section 7.1)."""

import re
from dataclasses import dataclass
from datetime import timedelta

from authlib.oauth2.rfc6749 import (
    InvalidRequestError,
    InvalidScopeError,
    UnauthorizedClientError,
)

from idp.accounts.sessions import ACR_TWO_FACTORS
from idp.oauth.approvals import wanted
from idp.oauth.approvals.wanted import Wanted
from idp.oauth.ciba.errors import InvalidBindingMessage
from idp.oauth.clients import RegisteredClient
from idp.oauth.clients.vocabulary import CIBA
from idp.oauth.request import Payload

LIFE = timedelta(minutes=5)  # to find the mail and sign in
SHORTEST = timedelta(seconds=30)
LONGEST = timedelta(minutes=30)
PING = "ping"
HINTS = ("login_hint", "id_token_hint", "login_hint_token")
MAXIMUM_HINT = 16_384
MAXIMUM_MESSAGE = 60  # characters: it is compared by eye, with what is said on the telephone
MAXIMUM_TOKEN = 1024  # section 7.1
BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 section 2.1
SECONDS = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class AuthenticationRequest:
    """One that can be served, if the hint names somebody."""

    wanted: Wanted
    details: str  # authorization_details as they were sent; empty: none
    login_hint: str  # a tax id or an e-mail address; empty: there is an id_token_hint
    id_token_hint: str
    binding_message: str  # empty: none
    notification_token: str  # empty: the application asks by itself
    two_factors: bool
    life: timedelta


def check(payload: Payload, client: RegisteredClient) -> AuthenticationRequest:
    """Raises `OAuth2Error` as section 13 has it."""
    if client.metadata.is_public:
        raise UnauthorizedClientError("The client must be able to prove who it is.")
    checked = wanted.check(payload, client, grant_type=CIBA)
    data = payload.data
    if "openid" not in checked.scopes:
        raise InvalidScopeError("The scope must contain openid.")
    if "request" in data:
        raise InvalidRequestError("Signed authentication requests are not supported.")
    _check_hint(payload)
    return AuthenticationRequest(
        wanted=checked,
        details=data.get("authorization_details", ""),
        login_hint=data.get("login_hint", ""),
        id_token_hint=data.get("id_token_hint", ""),
        binding_message=_message(data.get("binding_message", "")),
        notification_token=_notification_token(data.get("client_notification_token", ""), client),
        two_factors=ACR_TWO_FACTORS in data.get("acr_values", "").split(),
        life=_life(data.get("requested_expiry")),
    )


def _check_hint(payload: Payload) -> None:
    """One of them, and none that another party would have to have signed."""
    given = [name for name in HINTS if name in payload.data]
    if len(given) != 1:
        raise InvalidRequestError("One hint is needed: login_hint or id_token_hint.")
    if given == ["login_hint_token"]:
        raise InvalidRequestError("login_hint_token is not supported.")
    if len(payload.data[given[0]]) > MAXIMUM_HINT:
        raise InvalidRequestError("The hint is too long.")


def _message(text: str) -> str:
    if len(text) > MAXIMUM_MESSAGE or not text.isprintable():
        raise InvalidBindingMessage()
    return text


def _notification_token(token: str, client: RegisteredClient) -> str:
    """Section 7.1: required of a client that is pinged, and of no use to others."""
    if client.metadata.backchannel_token_delivery_mode != PING:
        return ""
    if len(token) > MAXIMUM_TOKEN or not BEARER.fullmatch(token):
        raise InvalidRequestError("client_notification_token is missing or malformed.")
    return token


def _life(asked: str | None) -> timedelta:
    """As asked for, within our bounds."""
    if asked is None:
        return LIFE
    if not SECONDS.fullmatch(asked):
        raise InvalidRequestError("requested_expiry is not a number of seconds.")
    return min(max(timedelta(seconds=int(asked)), SHORTEST), LONGEST)
