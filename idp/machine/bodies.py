"""JSON bodies (RFC 8259), read as strictly as RFC 7493 (I-JSON) writes them."""

import json
from typing import Any

JSON = "application/json"
Object = dict[str, Any]


class NotAnObject(ValueError):
    """No JSON, or no object."""


def object_of(body: bytes) -> Object:
    """The JSON object in `body`; raises `NotAnObject`.

    UTF-8, no NaN, and no member twice, since a gateway might have looked at the other one.
    """
    try:
        read = json.loads(body.decode(), object_pairs_hook=_members, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise NotAnObject from error
    if not isinstance(read, dict):
        raise NotAnObject
    return read


def _members(pairs: list[tuple[str, Any]]) -> Object:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _not_json(_constant: str) -> None:
    raise ValueError
