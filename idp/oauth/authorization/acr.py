"""How sure of the person an application wants to be (OpenID Connect Core sections 3.1.2.1 and
5.5.1.1, RFC 9470 section 4).

`acr_values` is a wish: an answer with less is a good answer, and its `acr` says so. By the `claims`
parameter the same can be made a condition.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from idp.accounts.sessions import ACR_TWO_FACTORS
from idp.oauth.authorization.claims_requests import Requested


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether two factors are asked for, and whether less won't do."""

    two_factors: bool
    essential: bool


def wish_of(acr_values: Iterable[str], requested: Requested | None) -> Wish:
    """What `acr_values` and `id_token.acr` of the `claims` parameter say together."""
    claim = (requested or {}).get("id_token", {}).get("acr", {})
    named = [claim.get("value"), *claim.get("values", ())]
    values = {each for each in named if isinstance(each, str)}
    return Wish(
        two_factors=ACR_TWO_FACTORS in {*values, *acr_values},
        essential=values == {ACR_TWO_FACTORS} and claim.get("essential") is True,
    )
