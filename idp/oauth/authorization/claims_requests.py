"""The `claims` parameter (OpenID Connect Core section 5.5): single claims, for UserInfo or for the
ID Token, beside what the scopes open.

What is kept of it, and obeyed, are claims that exist and that a scope opens which the client is
registered for: by their names nobody gets more than by scopes. Claims that can't be delivered are
left out, essential or not (section 5.5.1), but for `sub`, which names the only person who will do,
and `acr`, see `acr`.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any, Literal

from authlib.oauth2.rfc6749 import InvalidRequestError

from idp.oauth.scopes import SCOPES

Place = Literal["userinfo", "id_token"]
Requested = Mapping[str, Mapping[str, Any]]  # place → claim → its object, empty for null
Kept = dict[str, dict[str, Any]]  # the same, for `authorizations.claims_requested`

PLACES: tuple[Place, ...] = ("userinfo", "id_token")
ALWAYS = frozenset({"sub", "acr", "auth_time"})  # no scope opens them but `openid`
MAXIMUM_TEXT = 1024  # characters of a `value`
SCOPE_OF = {claim: scope for scope, claims in SCOPES.items() for claim in claims}


def parse(text: str) -> Requested:
    """What is asked for, as far as it can be understood; raises invalid_request for what isn't of
    the shape that section 5.5 gives."""
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed() from error
    if not isinstance(asked, dict):
        raise Malformed()
    return {place: _claims(asked[place]) for place in PLACES if asked.get(place) is not None}


class Malformed(InvalidRequestError):  # type: ignore[misc]
    """Not the JSON that section 5.5 describes."""

    description = "claims is malformed."


def permitted(requested: Requested | None, scopes: Collection[str]) -> Kept | None:
    """What of it a client may have that is registered for these scopes, for an authorization to
    keep; None if nothing is left."""
    kept = {
        place: {name: each for name, each in claims.items() if _opens(name, scopes)}
        for place, claims in (requested or {}).items()
    }
    return {place: claims for place, claims in kept.items() if claims} or None


def names(requested: Requested | None, place: Place) -> frozenset[str]:
    """The claims that were asked for in this place."""
    return frozenset((requested or {}).get(place, ()))


def scopes_of(requested: Requested | None) -> frozenset[str]:
    """The scopes that would open these claims: in whose words the person is told of them."""
    asked = names(requested, "userinfo") | names(requested, "id_token")
    return frozenset(SCOPE_OF[name] for name in asked - ALWAYS)


def subject(requested: Requested | None) -> str:
    """Whose sign-in it is to be, by `sub` (section 5.5.1); empty: anybody's.

    Raises invalid_request when two different ones are wanted.
    """
    wanted = {
        str(claims["sub"]["value"])
        for claims in (requested or {}).values()
        if "value" in claims.get("sub", {})
    }
    if len(wanted) > 1:
        raise Malformed()
    return wanted.pop() if wanted else ""


def _claims(asked: object) -> dict[str, Any]:
    if not isinstance(asked, dict):
        raise Malformed()
    return {
        name: _detail(detail) for name, detail in asked.items() if name in ALWAYS | SCOPE_OF.keys()
    }


def _detail(detail: object) -> dict[str, Any]:
    """null, or an object with `essential`, `value` or `values`; other members are passed over."""
    if detail is None:
        return {}
    if not isinstance(detail, dict):
        raise Malformed()
    known = {name: detail[name] for name in ("essential", "value", "values") if name in detail}
    if not isinstance(known.get("essential", False), bool):
        raise Malformed()
    if not isinstance(known.get("values", []), list):
        raise Malformed()
    if not all(map(_is_plain, (known.get("value", ""), *known.get("values", ())))):
        raise Malformed()
    return known


def _is_plain(value: object) -> bool:
    """Whether PostgreSQL can keep it."""
    if isinstance(value, str):
        return len(value) <= MAXIMUM_TEXT and value.isprintable()
    return isinstance(value, bool | int)


def _opens(claim: str, scopes: Collection[str]) -> bool:
    return claim in ALWAYS or SCOPE_OF[claim] in scopes
