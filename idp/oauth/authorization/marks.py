"""Parameters of our own in the address of a request, signed: what the person was asked for on the
way, and when."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from flask import url_for

from idp import signing
from idp.identifiers import digest
from idp.oauth.authorization.requests import AuthorizationRequest

ASKED_AGAIN = "asked_again"  # when we sent the person to sign in
ASKED_FACTOR = "asked_factor"  # when we sent the person to show a second factor
CHOSEN = "chosen"  # of one session: when the person chose an account or a holder
LIFE = timedelta(minutes=15)
REQUEST_LENGTH = 32  # hexadecimal digits
Query = Sequence[tuple[str, str]]


def address(
    mark: str, asked: AuthorizationRequest, query: Query, *, sid: str = "", at: datetime
) -> str:
    """The address of this request with the mark in it; with `sid`, for that session alone."""
    signed = signing.sign(mark, f"{_whose(asked, sid)} {at.timestamp():.6f}")
    kept = [(name, value) for name, value in query if name != mark]
    return f"{url_for('oauth.authorize')}?{urlencode([*kept, (mark, signed)])}"


def find(
    mark: str, query: Query, asked: AuthorizationRequest, *, sid: str = "", at: datetime
) -> datetime | None:
    """When it was set, for this request and session; None when it wasn't, or too long ago."""
    whose, _, moment = (signing.unsign(mark, dict(query).get(mark, "")) or "").rpartition(" ")
    if whose != _whose(asked, sid):
        return None
    set_at = datetime.fromtimestamp(float(moment), UTC)
    return set_at if at - set_at <= LIFE else None


def _whose(asked: AuthorizationRequest, sid: str) -> str:
    """Of this very request: else the sign-in that one asked for would be one for the next, which
    somebody else may have begun."""
    answer_to = asked.answer_to
    made_of = (asked.name, answer_to.redirect_uri, answer_to.state, asked.scope, asked.nonce)
    request = digest(json.dumps((*made_of, asked.code_challenge))).hex()[:REQUEST_LENGTH]
    return f"{asked.client.client_id} {sid} {request}"
