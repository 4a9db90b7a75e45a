"""The one place where an authorization request is answered: to whom, and in which shape.

Response modes: `query` (RFC 6749 section 4.1.2), `form_post` (OAuth 2.0 Form Post Response Mode),
and both with everything in one signed JWT (JARM: `jwt` is `query.jwt` for a code, `form_post.jwt`).
Every answer names its issuer: beside the rest (RFC 9207), or inside the JWT.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import OAuth2Error
from flask import Response, current_app, render_template

from idp import clock, headers
from idp.machine.answers import NEVER_KEPT
from idp.oauth import keys
from idp.oauth.clients import RegisteredClient

QUERY = "query"
FORM_POST = "form_post"
JWT = "jwt"
MODES = (QUERY, FORM_POST, JWT, "query.jwt", "form_post.jwt")
JARM_LIFE = timedelta(minutes=5)  # JARM section 2.1: 10 minutes at most
JARM_TYPE = "oauth-authz-resp+jwt"  # of its own, so that no answer passes for an ID Token


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Where an answer goes; the redirect URI is one that the client registered."""

    client: RegisteredClient
    redirect_uri: str
    mode: str = QUERY  # one of MODES
    state: str = ""  # empty: none was sent


def is_possible(mode: str, redirect_uri: str) -> bool:
    """Whether an answer can be given in this mode: a form reaches web addresses alone, not those of
    an application's own scheme (RFC 8252 section 7.1)."""
    return mode in MODES and (mode.partition(".")[0] != FORM_POST or "://" in redirect_uri)


@contextmanager
def told_to(to: ReturnAddress | None) -> Iterator[None]:
    """Have errors raised inside know whom they are for: `answer_to`, None when it isn't known."""
    try:
        yield
    except OAuth2Error as error:
        error.answer_to = to
        raise


def answer(to: ReturnAddress, parameters: Mapping[str, str]) -> Response:
    """An authorization response, success or error."""
    told = {name: value for name, value in {**parameters, "state": to.state}.items() if value}
    told["iss"] = current_app.config["ISSUER"]
    shape, _, signed = to.mode.partition(".")
    if JWT in (shape, signed):
        told = {"response": _signed(told, to.client, at=clock.now())}
    return _posted(to, told) if shape == FORM_POST else _redirected(to, told)


def refusal(to: ReturnAddress, error: OAuth2Error) -> Response:
    """RFC 6749 section 4.1.2.1."""
    description = error.get_error_description()
    return answer(to, {"error": error.error, "error_description": description})


def _signed(parameters: Mapping[str, str], client: RegisteredClient, *, at: datetime) -> str:
    """JARM section 2.1: for this client alone, and not for long."""
    claims = {
        **parameters,
        "aud": client.client_id,
        "exp": int((at + JARM_LIFE).timestamp()),
    }
    algorithm = client.metadata.authorization_signed_response_alg
    return keys.sign(claims, algorithm=algorithm, kind=JARM_TYPE)


def _redirected(to: ReturnAddress, parameters: Mapping[str, str]) -> Response:
    """By 303: a 307 would carry a posted password along (RFC 9700 section 4.12)."""
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = add_params_to_uri(to.redirect_uri, list(parameters.items()))
    response.headers.update(NEVER_KEPT)
    return response


def _posted(to: ReturnAddress, parameters: Mapping[str, str]) -> Response:
    """A page whose form a script sends, and a button for browsers without scripts."""
    headers.allow_form_redirect(to.redirect_uri)
    page = render_template(
        "oauth/form_post.html",
        client=to.client.metadata,
        action=to.redirect_uri,
        parameters=parameters,
    )
    response = Response(page)
    response.headers.update(NEVER_KEPT)
    return response
