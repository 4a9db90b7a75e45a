"""All that this application knows of Outorga: OpenID Connect, introspection, and one JSON shape."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, current_app, request, url_for
from werkzeug.wrappers import Response

from examples.segunda_via.sessions import Visit

SCOPE = "openid profile email tax_id grants grant_uses"
TIMEOUT_SECONDS = 5
EARLY_SECONDS = 5  # refresh a little before the end rather than a little after

oauth = OAuth()


class SignInFailed(Exception):
    """The provider's answer can't be used; the text is its error code."""


class SignInEnded(Exception):
    """The provider no longer knows this sign-in: the person has to sign in again."""


class Unreachable(Exception):
    """The provider does not answer: nothing may be shown or done until it does."""


@dataclass(frozen=True)
class Access:
    """One `installation_access` object (RFC 9396): why, whose, what may be done, and where."""

    relation: str
    holder: str
    actions: tuple[str, ...]
    installations: tuple[str, ...]
    grant_id: str = ""  # empty: the person's own


def init_app(app: Flask) -> None:
    """Register the client; everything else comes from the provider's discovery document."""
    oauth.init_app(app)
    oauth.register(
        "outorga",
        overwrite=True,
        client_id=app.config["CLIENT_ID"],
        client_secret=app.config["CLIENT_SECRET"],
        server_metadata_url=f"{app.config['ISSUER']}/.well-known/openid-configuration",
        client_kwargs={
            "scope": SCOPE,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def begin_sign_in(installation: str = "", *, switch: bool = False) -> Response:
    """Send the browser to the provider; for one `installation` only if it is given (RFC 9396).

    We are registered for one holder at a time: the provider asks on whose behalf when there are
    several, and remembers the answer. `switch` has it ask again, without another sign-in.
    """
    redirect_uri = current_app.config["APPLICATION"] + url_for("bills.callback")
    asked = [{"type": "installation_access", "installations": [installation]}]
    extra = {"authorization_details": json.dumps(asked)} if installation else {}
    if switch:
        extra["prompt"] = "select_account"
    response: Response = _ask(lambda: oauth.outorga.authorize_redirect(redirect_uri, **extra))
    return response


def finish_sign_in() -> Visit:
    """Trade the code for tokens; raises SignInFailed."""
    if request.args.get("iss") != current_app.config["ISSUER"]:  # RFC 9207: no mixed-up answers
        raise SignInFailed("wrong_issuer")
    try:
        token = _ask(oauth.outorga.authorize_access_token)
    except AuthlibBaseError as error:  # state, code, nonce or signature did not fit
        raise SignInFailed(error.error) from error
    claims = token["userinfo"]
    visit = Visit(claims.get("name", ""), token["id_token"], "", "", 0)
    _keep(visit, token)
    return visit


def current_access(visit: Visit) -> tuple[list[Access], int]:
    """What this person may do at this moment; asked online each time, as grants can end any time.

    The number counts installations that are too many to list: it permits nothing.
    Raises SignInEnded and Unreachable.
    """
    with visit.refreshing:
        if visit.expires_at < time.time() + EARLY_SECONDS:
            _refresh(visit)
    metadata = _ask(oauth.outorga.load_server_metadata)
    endpoint = metadata["introspection_endpoint"]
    answer = _ask(lambda: _session().introspect_token(endpoint, token=visit.access_token))
    if not answer.ok:
        raise Unreachable
    claims = answer.json()
    if not claims["active"]:
        raise SignInEnded
    details = claims.get("authorization_details", [])
    unlisted = sum(each["count"] for each in details if each["type"] == "installation_set")
    return [_read(each) for each in details if each["type"] == "installation_access"], unlisted


def sign_out_redirect(visit: Visit) -> Response:
    """Send the browser to sign out at the provider too (RP-initiated logout)."""
    back = current_app.config["APPLICATION"] + url_for("bills.welcome")
    response: Response = _ask(lambda: oauth.outorga.logout_redirect(back, visit.id_token))
    return response


def _refresh(visit: Visit) -> None:
    metadata = _ask(oauth.outorga.load_server_metadata)
    endpoint, old = metadata["token_endpoint"], visit.refresh_token
    try:
        _keep(visit, _ask(lambda: _session().refresh_token(endpoint, refresh_token=old)))
    except AuthlibBaseError as error:  # invalid_grant: it ended, was withdrawn or was used before
        raise SignInEnded from error


def _keep(visit: Visit, token: dict[str, str]) -> None:
    visit.access_token = token["access_token"]
    visit.refresh_token = token.get("refresh_token", "")
    visit.expires_at = time.time() + int(token["expires_in"])


def _read(details: dict[str, Any]) -> Access:
    return Access(
        relation=details["relation"],
        holder=details["holder"],
        actions=tuple(details["actions"]),
        installations=tuple(details["installations"]),
        grant_id=details.get("grant_id", ""),
    )


def _session() -> OAuth2Session:
    config = current_app.config
    return OAuth2Session(
        config["CLIENT_ID"], config["CLIENT_SECRET"], default_timeout=TIMEOUT_SECONDS
    )


def _ask(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except requests.RequestException as error:
        raise Unreachable from error
