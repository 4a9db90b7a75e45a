"""How sure of the person an application wants to be (OpenID Connect Core sections 3.1.2.1 and
5.5.1.1, RFC 9470 section 4).

`acr_values` is a wish: an answer with less is a good answer, and its `acr` says so. By the
`claims` parameter, of which nothing else is read, the same can be made a condition.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idp.accounts.sessions import ACR_TWO_FACTORS


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether two factors are asked for, and whether less won't do."""

    two_factors: bool
    essential: bool


def wish_of(data: Mapping[str, str]) -> Wish:
    """What the parameters of an authorization request say; what can't be read says nothing."""
    claim = _claim(data.get("claims", ""))
    named = [claim.get("value"), *_listed(claim.get("values"))]
    values = {each for each in named if isinstance(each, str)}
    by_claim = ACR_TWO_FACTORS in values
    return Wish(
        two_factors=by_claim or ACR_TWO_FACTORS in data.get("acr_values", "").split(),
        essential=values == {ACR_TWO_FACTORS} and claim.get("essential") is True,
    )


def _claim(text: str) -> Mapping[str, Any]:
    """`id_token.acr` of the `claims` parameter."""
    found: Any = {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    for name in ("id_token", "acr"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else []
