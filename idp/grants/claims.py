"""Access as other systems read it: one object shape everywhere (docs: protocol, grants in tokens).

Inline while it stays small; beyond that one set object for each relation, which permits nothing by
itself: the application asks the decision endpoint. Nothing is ever cut short silently.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from idp.grants.access import Access
from idp.grants.effective import Total
from idp.taxids import TaxId

Claim = dict[str, Any]

EVALUATION_PATH = "/access/v1/evaluation"
SEARCH_PATH = "/access/v1/search/resource"


def to_claim(access: Access) -> Claim:
    """The `installation_access` object (RFC 9396 section 2). Own installations carry no grant, and
    `expires_at`, in epoch seconds, is there only when there is an end."""
    claim: Claim = {
        "type": "installation_access",
        "relation": access.relation.value,
        "holder": str(access.holder),
        "actions": access.actions,
        "installations": list(access.installations),
    }
    if access.grant_id is not None:
        claim["grant_id"] = access.grant_id
        claim["grant_chain"] = list(access.grant_chain)
    if access.expires_at is not None:
        claim["expires_at"] = int(access.expires_at.timestamp())
    return claim


def describe(
    accesses: Sequence[Access],
    totals: Callable[[], Sequence[Total]],
    *,
    inline_installations: int,
    inline_bytes: int,
    issuer: str,
    holder: TaxId | None = None,
) -> list[Claim]:
    """`accesses` for a token: inline up to both limits in all, else one set for each relation.

    `inline_bytes` counts the JSON array as it stands in a token: UTF-8, without white space.
    `totals` is asked only where the accesses do not fit. All holders of a relation share one set,
    so that a manager of 10,000 clients gets a token of the usual size; it names `holder` only when
    all of this is about that one.
    """
    fits = sum(access.count for access in accesses) <= inline_installations
    if fits and all(access.is_complete for access in accesses):
        claims = [to_claim(access) for access in accesses]
        if size_of(claims) <= inline_bytes:
            return claims
    return [_set(total, issuer, holder) for total in totals()]


def inline_or_set(
    access: Access, version: int, *, inline_installations: int, inline_bytes: int, issuer: str
) -> Claim:
    """One grant alone: inline up to both limits, else as a set that says which grant it is of, so
    that it ends with that one. `version` is the grant's."""
    if access.is_complete and access.count <= inline_installations:
        claim = to_claim(access)
        if size_of([claim]) <= inline_bytes:
            return claim
    total = Total(access.relation, access.count, version)
    return {
        **_set(total, issuer, access.holder),
        "grant_id": access.grant_id,
        "grant_chain": list(access.grant_chain),
    }


def size_of(claims: Sequence[Claim]) -> int:
    """How many bytes the claims take in a token."""
    return len(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode())


def _set(total: Total, issuer: str, holder: TaxId | None) -> Claim:
    return {
        "type": "installation_set",
        "relation": total.relation.value,
        **({} if holder is None else {"holder": str(holder)}),
        "count": total.count,
        "version": total.version,
        "evaluate": f"{issuer}{EVALUATION_PATH}",
        "search": f"{issuer}{SEARCH_PATH}",
    }
