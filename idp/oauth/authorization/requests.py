"""The authorization request, checked step by step (RFC 6749 4.1.1, 7636, 8707, 9396, OIDC 3.1.2).

The order matters: until client and redirect URI are known to belong together an error is shown to
the person on a page; from then on it goes back to the client.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

from idp.oauth import clients
from idp.oauth.authorization import claims_requests, pushed, responses, sources
from idp.oauth.authorization.acr import Wish, wish_of
from idp.oauth.authorization.authorization_details import Asked
from idp.oauth.authorization.checks import STEPS, CheckStep, claims_of, details_of
from idp.oauth.authorization.responses import QUERY, ReturnAddress, told_to
from idp.oauth.authorization.ways import IN_ADDRESS
from idp.oauth.clients import RegisteredClient
from idp.oauth.request import Payload
from idp.oauth.scopes import GRANTS
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that can be served, if the person agrees."""

    client: RegisteredClient
    name: str  # the request_uri under which it is kept here; empty: it stands in the address
    answer_to: ReturnAddress
    redirect_uri_given: bool
    scope: str
    nonce: str
    code_challenge: str  # empty only for clients registered require_pkce=false
    dpop_jkt: str  # RFC 9449 section 10: the key that the code is for; empty: any
    prompt: frozenset[str]
    max_age: int | None  # seconds
    wish: Wish  # how sure of the person the application wants to be
    login_hint: str
    id_token_hint: str
    ui_locales: str
    resource: str
    details: tuple[Asked, ...]  # RFC 9396; empty: none asked for
    claims: claims_requests.Kept | None  # None: none asked for one by one

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes."""
        return self.answer_to.redirect_uri

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes one by one."""
        return frozenset(self.scope.split())

    @property
    def told(self) -> frozenset[str]:
        """What the person is told of and agrees to: the scopes, and those that would open the
        claims which are asked for one by one."""
        return self.scopes | claims_requests.scopes_of(self.claims)

    @property
    def wants_one_holder(self) -> bool:
        """Whether its tokens will speak of installations, and the client deals with one holder."""
        speaks_of_some = bool(self.details) or GRANTS in self.told
        return self.client.metadata.single_holder and speaks_of_some

    @property
    def holder(self) -> TaxId | None:
        """The first holder that the details name; None: they leave it open."""
        return next((detail.holder for detail in self.details if detail.holder), None)

    @property
    def installations(self) -> tuple[str, ...]:
        """The codes that the details name."""
        return tuple(code for detail in self.details for code in detail.installations or ())


def check(payload: Payload, *, at: datetime) -> AuthorizationRequest:
    """A request that stands in the address, or is kept here under the name that stands there.

    Raises `OAuth2Error`: with `answer_to` set when the client may be told.
    """
    client = known_client(payload)
    name = payload.data.get("request_uri", "")
    if pushed.is_name(name):
        kept = sources.of(pushed.get(name, client, at=at))
        return checked(kept, client, STEPS, name=name)
    return checked(payload, client, IN_ADDRESS)


def known_client(payload: Payload) -> RegisteredClient:
    """Raises invalid_client, or invalid_request where it can't be told whose request it is."""
    if {"client_id", "redirect_uri", "request_uri", "request"} & payload.repeated():
        raise InvalidRequestError("A parameter was given more than once.")
    client = clients.find(payload.data.get("client_id", ""))
    if client is None:
        raise InvalidClientError("The application is unknown.")
    return client


def return_address(payload: Payload, client: RegisteredClient) -> ReturnAddress:
    """Raises invalid_request unless the redirect URI is the client's own. A response mode that we
    don't know is no way to say so."""
    asked = payload.data.get("redirect_uri") or client.get_default_redirect_uri()
    if asked is None or not client.check_redirect_uri(asked):
        raise InvalidRequestError(
            "The redirect address is not one that the application registered."
        )
    mode = payload.data.get("response_mode", QUERY)
    return ReturnAddress(
        client=client,
        redirect_uri=asked,
        mode=mode if responses.is_possible(mode, asked) else QUERY,
        state=payload.data.get("state", ""),
    )


def checked(
    payload: Payload, client: RegisteredClient, steps: Sequence[CheckStep], *, name: str = ""
) -> AuthorizationRequest:
    """The request, once it has passed these steps; `name` is that under which it is kept."""
    answer_to = return_address(payload, client)
    with told_to(answer_to):
        if answer_to.mode != payload.data.get("response_mode", QUERY):
            raise InvalidRequestError("The response mode is not supported.")
        for check_step in steps:
            check_step(payload, client)
        return _read(payload, client, answer_to, name)


def _read(
    payload: Payload, client: RegisteredClient, answer_to: ReturnAddress, name: str
) -> AuthorizationRequest:
    data, metadata = payload.data, client.metadata
    claims = claims_requests.permitted(claims_of(data), client.allowed_scopes)
    acr_values = data["acr_values"].split() if "acr_values" in data else metadata.default_acr_values
    return AuthorizationRequest(
        client=client,
        name=name,
        answer_to=answer_to,
        redirect_uri_given="redirect_uri" in data,
        scope=str(client.get_allowed_scope(data.get("scope"))),
        nonce=data.get("nonce", ""),
        code_challenge=data.get("code_challenge", ""),
        dpop_jkt=data.get("dpop_jkt", ""),
        prompt=frozenset(data.get("prompt", "").split()),
        max_age=int(data["max_age"]) if "max_age" in data else metadata.default_max_age,
        wish=wish_of(acr_values, claims),
        login_hint=data.get("login_hint", ""),
        id_token_hint=data.get("id_token_hint", ""),
        ui_locales=data.get("ui_locales", ""),
        resource=data.get("resource") or client.default_resource(),
        details=details_of(data, client),
        claims=claims,
    )
