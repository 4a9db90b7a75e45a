"""The steps that check an authorization request, each for one thing; they raise `OAuth2Error`."""

import re
from collections.abc import Callable, Mapping

from authlib.oauth2.rfc6749 import (
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnauthorizedClientError,
)
from authlib.oidc.core.errors import RegistrationNotSupportedError

from idp.oauth.authorization import authorization_details, claims_requests
from idp.oauth.authorization.authorization_details import Asked
from idp.oauth.clients import RegisteredClient
from idp.oauth.clients.vocabulary import MAXIMUM_AGE
from idp.oauth.errors import InvalidAuthorizationDetails, InvalidTarget
from idp.oauth.request import Payload

CheckStep = Callable[[Payload, RegisteredClient], None]

MAXIMUM_TEXT = 1024
CODE_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of SHA-256 (RFC 7636 section 4.2)
THUMBPRINT = CODE_CHALLENGE
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
DISPLAYS = ("page", "popup", "touch", "wap")  # our pages fit all of them


class UnsupportedResponseType(OAuth2Error):  # type: ignore[misc]
    """Authlib's own repeats what was sent."""

    error = "unsupported_response_type"
    description = "Only the response type code is supported."


def check_not_registering(payload: Payload, _client: RegisteredClient) -> None:
    """OpenID Connect Core section 7.2.1: what we don't do, by its own error."""
    if "registration" in payload.data:
        raise RegistrationNotSupportedError()


def check_response(payload: Payload, client: RegisteredClient) -> None:
    """The code flow only."""
    response_type = payload.data.get("response_type")
    if response_type is None:
        raise InvalidRequestError("response_type is missing.")
    if response_type != "code":
        raise UnsupportedResponseType()
    if not client.check_grant_type("authorization_code"):
        raise UnauthorizedClientError("The client is not registered for this grant type.")


def check_scope(payload: Payload, client: RegisteredClient) -> None:
    """RFC 6749 section 3.3."""
    if client.get_allowed_scope(payload.data.get("scope")) is None:
        raise InvalidScopeError()


def check_pkce(payload: Payload, client: RegisteredClient) -> None:
    """RFC 7636 section 4.3, RFC 9700 section 2.1.1: S256, and nobody is let off unasked."""
    challenge = payload.data.get("code_challenge")
    method = payload.data.get("code_challenge_method")
    if challenge is None and method is None and not client.metadata.require_pkce:
        return
    if challenge is None:
        raise InvalidRequestError("code_challenge is missing.")
    if method != "S256":
        raise InvalidRequestError("The only code_challenge_method is S256, and it must be named.")
    if not CODE_CHALLENGE.fullmatch(challenge):
        raise InvalidRequestError("code_challenge is malformed.")


def check_names_redirect_uri(payload: Payload, client: RegisteredClient) -> None:
    """FAPI 2.0 section 5.3.2.2: there is no default."""
    if client.metadata.fapi and "redirect_uri" not in payload.data:
        raise InvalidRequestError("redirect_uri is missing.")


def check_texts(payload: Payload, _client: RegisteredClient) -> None:
    """`nonce` is kept in the database, so it is plain text of a bearable length."""
    nonce = payload.data.get("nonce", "")
    if len(nonce) > MAXIMUM_TEXT or not nonce.isprintable():
        raise InvalidRequestError("nonce is malformed.")


def check_interaction(payload: Payload, _client: RegisteredClient) -> None:
    """OpenID Connect Core section 3.1.2.1: `prompt`, `max_age` and `display`."""
    prompt = set(payload.data.get("prompt", "").split())
    if not prompt <= PROMPTS or ("none" in prompt and len(prompt) > 1):
        raise InvalidRequestError("prompt is unknown or contradicts itself.")
    max_age = payload.data.get("max_age", "0")
    if not (max_age.isascii() and max_age.isdigit() and len(max_age) < len(str(MAXIMUM_AGE))):
        raise InvalidRequestError("max_age is not a number of seconds.")
    if payload.data.get("display", "page") not in DISPLAYS:
        raise InvalidRequestError("display is unknown.")


def check_claims(payload: Payload, _client: RegisteredClient) -> None:
    """OpenID Connect Core section 5.5: readable, and about one person at most."""
    claims_requests.subject(claims_of(payload.data))


def check_dpop_key(payload: Payload, _client: RegisteredClient) -> None:
    """RFC 9449 section 10: `dpop_jkt` is a SHA-256 thumbprint (RFC 7638)."""
    if not THUMBPRINT.fullmatch(payload.data.get("dpop_jkt", "0" * 43)):
        raise InvalidRequestError("dpop_jkt is malformed.")


def check_target(payload: Payload, client: RegisteredClient) -> None:
    """RFC 8707 section 2, and RFC 9396 `locations` within it; one holder where that is agreed."""
    resource = payload.data.get("resource") or client.default_resource()
    if not client.may_target(resource):
        raise InvalidTarget()
    details = details_of(payload.data, client)
    if client.metadata.single_holder and len({each.holder for each in details} - {None}) > 1:
        raise InvalidAuthorizationDetails()
    for detail in details:
        if detail.locations is not None and resource not in detail.locations:
            raise InvalidAuthorizationDetails()


STEPS: tuple[CheckStep, ...] = (
    check_not_registering,
    check_response,
    check_scope,
    check_pkce,
    check_names_redirect_uri,
    check_texts,
    check_interaction,
    check_claims,
    check_dpop_key,
    check_target,
)


def details_of(data: Mapping[str, str], client: RegisteredClient) -> tuple[Asked, ...]:
    """RFC 9396 section 2; empty when none are asked for."""
    text = data.get("authorization_details")
    return authorization_details.parse(text, client) if text is not None else ()


def claims_of(data: Mapping[str, str]) -> claims_requests.Requested | None:
    """The `claims` parameter; None when there is none. Raises invalid_request."""
    text = data.get("claims")
    return claims_requests.parse(text) if text is not None else None
