"""The authorization request, checked step by step (RFC 6749 4.1.1, 7636, 8707, 9396, OIDC 3.1.2).

The order matters: until client and redirect URI are known to belong together an error is shown to
the person on a page; from then on it goes back to the client.
"""

from dataclasses import dataclass

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error

from idp.oauth import clients
from idp.oauth.authorization.acr import Wish, wish_of
from idp.oauth.authorization.authorization_details import Asked
from idp.oauth.authorization.checks import STEPS, details_of
from idp.oauth.clients import RegisteredClient
from idp.oauth.request import Payload
from idp.oauth.scopes import GRANTS
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that can be served, if the person agrees."""

    client: RegisteredClient
    redirect_uri: str
    redirect_uri_given: bool
    scope: str
    state: str
    nonce: str
    code_challenge: str  # empty only for clients registered require_pkce=false
    prompt: frozenset[str]
    max_age: int | None  # seconds
    wish: Wish  # how sure of the person the application wants to be
    login_hint: str
    id_token_hint: str
    resource: str
    details: tuple[Asked, ...]  # RFC 9396; empty: none asked for

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes one by one."""
        return frozenset(self.scope.split())

    @property
    def wants_one_holder(self) -> bool:
        """Whether its tokens will speak of installations, and the client deals with one holder."""
        speaks_of_some = bool(self.details) or GRANTS in self.scopes
        return self.client.metadata.single_holder and speaks_of_some

    @property
    def holder(self) -> TaxId | None:
        """The first holder that the details name; None: they leave it open."""
        return next((detail.holder for detail in self.details if detail.holder), None)

    @property
    def installations(self) -> tuple[str, ...]:
        """The codes that the details name."""
        return tuple(code for detail in self.details for code in detail.installations or ())


def check(payload: Payload) -> AuthorizationRequest:
    """Raises `OAuth2Error`: with `redirect_uri` set when the client may be told."""
    client = _known_client(payload)
    redirect_uri = _own_redirect_uri(payload, client)
    try:
        return _checked(payload, client, redirect_uri)
    except OAuth2Error as error:
        error.redirect_uri = redirect_uri
        raise


def _known_client(payload: Payload) -> RegisteredClient:
    if {"client_id", "redirect_uri"} & payload.repeated():
        raise InvalidRequestError("A parameter was given more than once.")
    client = clients.find(payload.client_id or "")
    if client is None:
        raise InvalidClientError("The application is unknown.")
    return client


def _own_redirect_uri(payload: Payload, client: RegisteredClient) -> str:
    asked = payload.redirect_uri
    if asked is None and (only := client.get_default_redirect_uri()):
        return only
    if asked is None or not client.check_redirect_uri(asked):
        raise InvalidRequestError(
            "The redirect address is not one that the application registered."
        )
    return str(asked)


def _checked(payload: Payload, client: RegisteredClient, redirect_uri: str) -> AuthorizationRequest:
    for check_step in STEPS:
        check_step(payload, client)
    data = payload.data
    return AuthorizationRequest(
        client=client,
        redirect_uri=redirect_uri,
        redirect_uri_given="redirect_uri" in data,
        scope=str(client.get_allowed_scope(data.get("scope"))),
        state=data.get("state", ""),
        nonce=data.get("nonce", ""),
        code_challenge=data.get("code_challenge", ""),
        prompt=frozenset(data.get("prompt", "").split()),
        max_age=int(data["max_age"]) if "max_age" in data else None,
        wish=wish_of(data),
        login_hint=data.get("login_hint", ""),
        id_token_hint=data.get("id_token_hint", ""),
        resource=data.get("resource") or client.default_resource(),
        details=details_of(data),
    )
