"""Access as other systems read it: one object shape everywhere (docs: protocol, grants in tokens).

Inline while it stays small; beyond that one set object for each relation, which permits nothing by
itself: the application asks the decision endpoint. Nothing is ever cut short silently.
"""

import json
from collections.abc import Sequence
from typing import Any

from idp.grants.access import Access
from idp.grants.models import Relation

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
    accesses: Sequence[Access], inline_installations: int, inline_bytes: int, issuer: str
) -> list[Claim]:
    """`accesses` for a token: inline up to both limits in all, else one set for each relation.

    `inline_bytes` counts the JSON array as it stands in a token: UTF-8, without white space.
    """
    fits = sum(access.count for access in accesses) <= inline_installations
    if fits and all(access.is_complete for access in accesses):
        claims = [to_claim(access) for access in accesses]
        if size_of(claims) <= inline_bytes:
            return claims
    return [_merged(relation, accesses, issuer) for relation in _relations(accesses)]


def size_of(claims: Sequence[Claim]) -> int:
    """How many bytes the claims take in a token."""
    return len(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode())


def _relations(accesses: Sequence[Access]) -> list[Relation]:
    return list(dict.fromkeys(access.relation for access in accesses))


def _merged(relation: Relation, accesses: Sequence[Access], issuer: str) -> Claim:
    """A set names no holder, so all holders of a relation share one: a manager of 10,000 clients
    gets a token of the usual size."""
    these = [access for access in accesses if access.relation is relation]
    return {
        "type": "installation_set",
        "relation": relation.value,
        "count": sum(access.count for access in these),
        "version": max(access.version for access in these),
        "evaluate": f"{issuer}{EVALUATION_PATH}",
        "search": f"{issuer}{SEARCH_PATH}",
    }
