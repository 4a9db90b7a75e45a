"""Access in the shape of tokens, and the switch to sets on both sides of both limits."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from idp.grants.access import Access
from idp.grants.claims import describe, size_of, to_claim
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
    version=7,
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


def inline(*accesses: Access, installations: int = 50, size: int = 4096) -> bool:
    claims = describe(accesses, installations, size, ISSUER)
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
    (claim,) = describe([OWN], 0, 4096, ISSUER)
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


def test_all_holders_of_a_relation_share_one_set() -> None:
    other = replace(with_codes(GRANTED, 40), holder=TaxId("br", "cpf", "39053344705"), version=9)
    claims = describe([with_codes(OWN, 30), with_codes(GRANTED, 40), other], 50, 4096, ISSUER)
    assert [(each["relation"], each["count"], each["version"]) for each in claims] == [
        ("owner", 30, 7),
        ("delegate", 80, 9),
    ]


def test_codes_that_were_cut_off_never_pass_for_all_of_them() -> None:
    cut = replace(OWN, count=3)
    assert not cut.is_complete
    assert not inline(cut)


def test_nothing_at_all_is_an_empty_list() -> None:
    assert describe([], 50, 4096, ISSUER) == []


def test_actions_that_were_asked_for_never_widen_the_level() -> None:
    assert replace(GRANTED, narrowed_to=("read", "write")).actions == ["read"]
    assert replace(OWN, narrowed_to=("write",)).actions == ["write"]
    assert replace(GRANTED, narrowed_to=("write",)).actions == []
