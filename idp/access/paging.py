"""Pages of search results (AuthZEN section 8.2).

A token holds the place of the last row that was read, never a number of rows to pass over, so
every page costs the same and nothing is shown twice because something was added before it. It is
encrypted, and good for the question it was given for only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idp import sealing
from idp.access.callers import Caller
from idp.access.errors import InvalidRequestError
from idp.access.reading import Question, read_object
from idp.identifiers import digest

DEFAULT_LIMIT = 100
MAXIMUM_LIMIT = 1000
MAXIMUM_TOKEN = 2048  # characters


@dataclass(frozen=True, slots=True)
class Place:
    """After which row to go on; the first place is before all of them."""

    grant: int = 0  # 0: among own installations
    code: str = ""  # of the last row
    after: int = 0  # the last row's key


@dataclass(frozen=True, slots=True)
class Page:
    """What part of the results is asked for."""

    limit: int
    place: Place
    purpose: str  # the same for every page of one search

    def token(self, place: Place) -> str:
        """`next_token` to go on from there."""
        return sealing.seal(json.dumps([self.purpose, place.grant, place.code, place.after]))


def read_page(body: Mapping[str, Any], question: Question, caller: Caller) -> Page:
    """Raises `InvalidRequestError`, also for a token of another search (section 8.2)."""
    page = read_object(body, "page")
    limit = page.get("limit", DEFAULT_LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise InvalidRequestError("page.limit must be a whole number from 0 on.")
    limit = min(limit, MAXIMUM_LIMIT)
    purpose = digest(repr((caller, question, limit))).hex()
    return Page(limit, _place(page.get("token"), purpose), purpose)


def _place(token: object, purpose: str) -> Place:
    if token is None or token == "":
        return Place()
    if not isinstance(token, str) or len(token) > MAXIMUM_TOKEN or not token.isascii():
        raise InvalidRequestError("page.token is not one of ours.")
    try:
        given_for, grant, code, after = json.loads(sealing.unseal(token))
    except (sealing.Unreadable, ValueError, TypeError) as error:
        raise InvalidRequestError("page.token is not one of ours.") from error
    if given_for != purpose:
        raise InvalidRequestError("page.token was given for another search.")
    return Place(grant, code, after)
