"""Authorization requests kept under a name: pushed by the client (RFC 9126), or brought by a
browser in a request object (RFC 9101), so that the address stays short.

A name is good for 90 s until a browser brings it, from then on for an hour, in which a person may
sign in, set up a factor and think; and until the request is answered, which happens once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from authlib.oidc.core.errors import InvalidRequestURIError
from sqlalchemy import ColumnElement, delete, select, update

from idp.extensions import db
from idp.identifiers import digest, secret_token
from idp.oauth.authorization.models import PushedRequest
from idp.oauth.clients import RegisteredClient
from idp.rate_limits import Limit

URN = "urn:ietf:params:oauth:request_uri:"
UNOPENED_LIFE = timedelta(seconds=90)
OPEN_LIFE = timedelta(hours=1)
# Of a network: anybody can be a public client, or show a request object once more, and must neither
# fill the database nor have us ask somebody's host all day.
UNPROVEN = Limit("pushed_requests", burst=60, interval=timedelta(seconds=1))


class RequestGone(InvalidRequestURIError):  # type: ignore[misc]
    """Unknown, of another client, expired or answered: nobody is told which."""

    description = "request_uri is unknown, has expired, or was used."


def is_name(request_uri: str) -> bool:
    """Whether it can only be one of ours."""
    return request_uri.startswith(URN)


def keep(parameters: Mapping[str, str], client: RegisteredClient, *, at: datetime) -> str:
    """Keep a request that was checked; returns its `request_uri`."""
    name = secret_token()
    db.session.add(
        PushedRequest(
            name_hash=digest(name),
            client_id=client.key,
            parameters=dict(parameters),
            expires_at=at + UNOPENED_LIFE,
        )
    )
    db.session.flush()
    return f"{URN}{name}"


def open_(request_uri: str, client: RegisteredClient, *, at: datetime) -> None:
    """Note that a browser has brought it: the person's time begins."""
    db.session.execute(
        update(PushedRequest)
        .where(*_is(request_uri, client, at), PushedRequest.opened_at.is_(None))
        .values(opened_at=at, expires_at=at + OPEN_LIFE)
    )


def get(request_uri: str, client: RegisteredClient, *, at: datetime) -> dict[str, str]:
    """Its parameters; raises `RequestGone`."""
    query = select(PushedRequest.parameters).where(*_is(request_uri, client, at))
    found = db.session.scalar(query)
    if found is None:
        raise RequestGone()
    return found


def use(request_uri: str, client: RegisteredClient, *, at: datetime) -> None:
    """It is answered now. Of two that answer at once the second waits, and finds it gone: raises
    `RequestGone`."""
    statement = delete(PushedRequest).where(*_is(request_uri, client, at))
    if db.session.execute(statement.returning(PushedRequest.name_hash)).first() is None:
        raise RequestGone()


def _is(
    request_uri: str, client: RegisteredClient, at: datetime
) -> tuple[ColumnElement[bool], ...]:
    return (
        PushedRequest.name_hash == digest(request_uri.removeprefix(URN)),
        PushedRequest.client_id == client.key,
        PushedRequest.expires_at > at,
    )
