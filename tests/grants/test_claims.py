"""Access in the shape of tokens, and the switch to sets on both sides of both limits."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from idp.grants.access import Access
from idp.grants.claims import describe, size_of, to_claim
from idp.grants.effective import Total
from idp.grants.models import Level, Relation
from idp.taxids import TaxId

ISSUER = "https://id.example"
MARIA = TaxId("br", "cpf", "52998224725")
OWN = Access(
    relation=Relation.OWNER,
    holder=MARIA,
    level=Level.FULL,
    installations=("3001234567", "3001234568"),
    grant_id=None,
    grant_chain=(),
    expires_at=None,
    count=2,
)
GRANTED = replace(
    OWN,
    relation=Relation.DELEGATE,
    level=Level.READ_ONLY,
    grant_id="g_8Zk",
    grant_chain=("g_8Zk",),
    expires_at=datetime(2026, 12, 31, 16, 0, 0, 999999, tzinfo=UTC),
)


def with_codes(access: Access, count: int, width: int = 3) -> Access:
    codes = tuple(str(number).zfill(width) for number in range(count))
    return replace(access, installations=codes, count=count)


def described(
    *accesses: Access, totals: Sequence[Total] = (), installations: int = 50, size: int = 4096
) -> list[dict[str, Any]]:
    totals = totals or [Total(each.relation, each.count, 7) for each in accesses]
    return describe(
        accesses,
        lambda: totals,
        inline_installations=installations,
        inline_bytes=size,
        issuer=ISSUER,
    )


def inline(*accesses: Access, installations: int = 50, size: int = 4096) -> bool:
    claims = described(*accesses, installations=installations, size=size)
    assert len({claim["type"] for claim in claims}) == 1
    return claims[0]["type"] == "installation_access"


def test_own_installations_carry_no_grant_and_no_end() -> None:
    assert to_claim(OWN) == {
        "type": "installation_access",
        "relation": "owner",
        "holder": "br:cpf:52998224725",
        "actions": ["read", "write"],
        "installations": ["3001234567", "3001234568"],
    }


def test_a_grant_carries_its_id_its_chain_and_its_end_in_whole_seconds() -> None:
    assert to_claim(GRANTED) == {
        "type": "installation_access",
        "relation": "delegate",
        "holder": "br:cpf:52998224725",
        "actions": ["read"],
        "installations": ["3001234567", "3001234568"],
        "grant_id": "g_8Zk",
        "grant_chain": ["g_8Zk"],
        "expires_at": 1798732800,
    }


def test_a_set_tells_how_many_and_where_to_ask_and_nothing_else() -> None:
    (claim,) = described(OWN, installations=0)
    assert claim == {
        "type": "installation_set",
        "relation": "owner",
        "count": 2,
        "version": 7,
        "evaluate": "https://id.example/access/v1/evaluation",
        "search": "https://id.example/access/v1/search/resource",
    }


def test_fifty_installations_in_all_are_inline_and_one_more_is_a_set() -> None:
    assert inline(with_codes(OWN, 50))
    assert not inline(with_codes(OWN, 51))
    assert inline(with_codes(OWN, 20), with_codes(GRANTED, 30))
    assert not inline(with_codes(OWN, 20), with_codes(GRANTED, 31))


def test_the_limit_of_bytes_holds_for_all_objects_together_and_to_the_byte() -> None:
    accesses = [with_codes(OWN, 10, width=60), with_codes(GRANTED, 10, width=60)]
    size = size_of([to_claim(access) for access in accesses])
    assert inline(*accesses, size=size)
    assert not inline(*accesses, size=size - 1)
    assert not inline(with_codes(OWN, 50, width=80))


def test_the_size_is_counted_in_bytes_of_the_token_not_in_characters() -> None:
    claims = [{"holder": "ção"}]
    assert size_of(claims) == len(json.dumps(claims, separators=(",", ":"))) - 12 + 2 + 2


def test_there_is_one_set_for_each_relation_and_the_totals_say_which() -> None:
    totals = [Total(Relation.OWNER, 30, 7), Total(Relation.MANAGER, 80_000, 9)]
    claims = described(with_codes(OWN, 30), with_codes(GRANTED, 40), totals=totals)
    assert [(each["relation"], each["count"], each["version"]) for each in claims] == [
        ("owner", 30, 7),
        ("manager", 80_000, 9),
    ]


def test_totals_are_not_asked_for_what_fits() -> None:
    def asked() -> list[Total]:
        raise AssertionError

    assert describe([OWN], asked, inline_installations=2, inline_bytes=4096, issuer=ISSUER) == [
        to_claim(OWN)
    ]


def test_codes_that_were_cut_off_never_pass_for_all_of_them() -> None:
    cut = replace(OWN, count=3)
    assert not cut.is_complete
    assert not inline(cut)


def test_nothing_at_all_is_an_empty_list() -> None:
    assert described() == []


def test_actions_that_were_asked_for_never_widen_the_level() -> None:
    assert replace(GRANTED, narrowed_to=("read", "write")).actions == ["read"]
    assert replace(OWN, narrowed_to=("write",)).actions == ["write"]
    assert replace(GRANTED, narrowed_to=("write",)).actions == []
