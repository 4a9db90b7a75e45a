"""What a person may see and do at a moment, asked in every way."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants import services
from idp.grants.effective import (
    Total,
    access_filtered,
    access_of,
    may,
    reasons,
    still_effective,
    totals_of,
)
from idp.grants.models import Level, Relation
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import a_holder, an_installation, holdings
from tests.grants.transferring import transfer
from tests.statements import statements_sent

OTHER = TaxId("br", "cpf", "11144477735")
HOUR = timedelta(hours=1)


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.fixture
def guest(app: Flask) -> Account:
    return joao()


def codes(installations: list[Installation]) -> tuple[str, ...]:
    return tuple(each.code for each in installations)


def all_of(account: Account, limit: int = 50) -> list[Any]:
    return access_of(account.id, account.tax_id, at=clock.now(), limit=limit)


def test_the_holder_sees_what_is_theirs(maria: Account) -> None:
    owned = holdings(maria.tax_id, 2)
    (access,) = all_of(maria)
    assert access.relation is Relation.OWNER
    assert access.installations == codes(owned)
    assert access.actions == ["read", "write"]
    assert (access.grant_id, access.grant_chain, access.expires_at) == (None, (), None)
    assert access.count == 2


@pytest.mark.parametrize(
    ("assurance", "sees"),
    [(Assurance.DECLARED, False), (Assurance.PROVEN, True), (Assurance.VERIFIED, True)],
)
def test_own_installations_need_a_proof(app: Flask, assurance: Assurance, sees: bool) -> None:
    account = an_account(assurance=assurance)
    owned = holdings(account.tax_id, 1)
    at = clock.now()
    assert bool(all_of(account)) is sees
    assert bool(access_filtered(account, at=at, installations=codes(owned))) is sees
    assert (may(account.id, owned[0].id, "read", at) is not None) is sees
    detail = own_detail(account, owned)
    assert still_effective(account.id, [detail], at=at) == ([detail] if sees else [])


def test_a_declared_account_sees_what_it_was_granted(maria: Account) -> None:
    guest = joao(assurance=Assurance.DECLARED)
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    assert [access.grant_id for access in all_of(guest)] == [grant.public_id]


def test_a_locked_account_sees_nothing_and_what_it_granted_is_void(
    maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 1)
    a_grant(maria, guest, owned)
    maria.locked_at = at = clock.now()
    db.session.commit()
    for account in (maria, guest):
        assert all_of(account) == []
        assert access_filtered(account, at=at, installations=codes(owned)) == []
        assert may(account.id, owned[0].id, "read", at) is None
    assert still_effective(maria.id, [own_detail(maria, owned)], at=at) == []


def test_own_installations_come_first_then_grants_by_age(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 3)
    mine = holdings(guest.tax_id, 1)
    first = a_grant(maria, guest, owned[:2], level=Level.FULL)
    second = a_grant(maria, guest, owned[1:])
    found = all_of(guest)
    assert [access.grant_id for access in found] == [None, first.public_id, second.public_id]
    assert [access.installations for access in found] == [
        codes(mine),
        codes(owned[:2]),
        codes(owned[1:]),
    ]
    assert [access.actions for access in found[1:]] == [["read", "write"], ["read"]]


def test_a_large_holding_is_counted_and_none_of_it_is_named(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 9)
    a_grant(maria, guest, owned[1:])
    for account, count in ((maria, 9), (guest, 8)):
        (found,) = all_of(account, limit=3)
        assert (found.count, found.installations, found.is_complete) == (count, (), False)
    (exactly,) = all_of(guest, limit=8)
    assert (exactly.count, exactly.is_complete) == (8, True)


def total_of(account: Account) -> Total:
    (total,) = totals_of(account.id, at=clock.now())
    return total


def test_the_version_rises_with_every_change_even_when_the_sum_of_what_stands_does_not(
    maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 2)
    versions = []
    first = a_grant(maria, guest, owned)
    versions.append(total_of(guest).version)
    services.revoke_installations(first, [owned[0].id], by=maria.actor, at=clock.now())
    versions.append(total_of(guest).version)
    services.revoke(first, by=maria.actor, at=clock.now())
    a_grant(maria, guest, owned)
    versions.append(total_of(guest).version)
    assert versions == sorted(set(versions))


def test_an_access_ends_at_its_end_date_to_the_microsecond(maria: Account, guest: Account) -> None:
    at = clock.now()
    owned = holdings(maria.tax_id, 1)
    grant = a_grant(maria, guest, owned, expires_at=at + HOUR, at=at)
    before = at + HOUR - timedelta(microseconds=1)
    assert may(guest.id, owned[0].id, "read", before) is not None
    assert may(guest.id, owned[0].id, "read", at + HOUR) is None
    detail = granted_detail(grant.public_id, maria, owned)
    assert still_effective(guest.id, [detail], at=before) != []
    assert still_effective(guest.id, [detail], at=at + HOUR) == []


def test_writing_needs_a_grant_that_allows_it(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 1)
    at = clock.now()
    a_grant(maria, guest, owned)
    assert may(guest.id, owned[0].id, "write", at) is None
    full = a_grant(maria, guest, owned, level=Level.FULL)
    found = may(guest.id, owned[0].id, "write", at)
    assert found is not None
    assert found.grant_id == full.public_id
    assert len(reasons(guest.id, owned[0].id, at)) == 2


@pytest.mark.parametrize("action", ["delete", "", "READ", "read\x00", "' OR 1=1"])
def test_an_action_that_does_not_exist_is_never_allowed(maria: Account, action: str) -> None:
    (owned,) = holdings(maria.tax_id, 1)
    assert may(maria.id, owned.id, action, clock.now()) is None


def test_a_request_is_answered_with_what_of_it_is_allowed(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 3)
    foreign = an_installation(OTHER)
    grant = a_grant(maria, guest, owned[:2])
    at = clock.now()
    asked = [owned[1].code, owned[2].code, foreign.code, "unknown", "' OR 1=1 --"]
    (found,) = access_filtered(guest, at=at, installations=asked, actions=["read", "write"])
    assert (found.grant_id, found.installations) == (grant.public_id, (owned[1].code,))
    assert (found.actions, found.count) == (["read"], 1)
    assert access_filtered(guest, at=at, installations=[foreign.code]) == []
    assert access_filtered(guest, at=at, installations=[]) == []
    assert access_filtered(guest, at=at, actions=["write"]) == []
    assert access_filtered(guest, at=at, holder=OTHER) == []
    assert access_filtered(guest, at=at, holder=OTHER, installations=asked) == []
    (whole,) = access_filtered(guest, at=at, holder=maria.tax_id)
    assert whole.installations == codes(owned[:2])
    (own,) = access_filtered(maria, at=at, holder=maria.tax_id, actions=["read"], limit=2)
    assert (own.actions, own.count, own.installations) == (["read"], 3, ())


@pytest.mark.parametrize("how", ["narrowed", "moved there and back"])
def test_an_installation_that_left_a_grant_is_gone_from_every_answer(
    maria: Account, guest: Account, how: str
) -> None:
    owned = holdings(maria.tax_id, 3)
    grant = a_grant(maria, guest, owned)
    if how == "narrowed":
        services.revoke_installations(grant, [owned[0].id], by=maria.actor, at=clock.now())
    else:
        a_holder(OTHER)
        transfer(owned[:1], OTHER)
        transfer(owned[:1], maria.tax_id)
    at, left = clock.now(), codes(owned[1:])
    detail = {**granted_detail(grant.public_id, maria, owned), "actions": ["read"]}
    assert [access.installations for access in all_of(guest)] == [left]
    (asked,) = access_filtered(guest, at=at, installations=codes(owned))
    assert asked.installations == left
    assert still_effective(guest.id, [detail], at=at) == [{**detail, "installations": list(left)}]
    assert may(guest.id, owned[0].id, "read", at) is None
    assert may(guest.id, owned[1].id, "read", at) is not None


def test_what_the_holder_no_longer_has_is_void_even_before_the_grant_is_told(
    maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 2)
    grant = a_grant(maria, guest, owned)
    owned[0].holder_tax_id = a_holder(OTHER).tax_id
    db.session.commit()
    at, left = clock.now(), codes(owned[1:])
    assert [access.installations for access in all_of(guest)] == [left]
    assert [a.installations for a in access_filtered(guest, at=at, installations=codes(owned))] == [
        left
    ]
    assert may(guest.id, owned[0].id, "read", at) is None
    (kept,) = still_effective(guest.id, [granted_detail(grant.public_id, maria, owned)], at=at)
    assert kept["installations"] == list(left)


def test_a_code_that_two_distributors_use_is_decided_by_holder(
    maria: Account, guest: Account
) -> None:
    hers = an_installation(maria.tax_id, code="77", distributor="north")
    an_installation(OTHER, code="77", distributor="south")
    a_grant(maria, guest, [hers])
    (found,) = access_filtered(guest, at=clock.now(), installations=["77"])
    assert (found.holder, found.count) == (maria.tax_id, 1)
    assert (
        still_effective(
            guest.id,
            [{**granted_detail(str(found.grant_id), maria, [hers]), "holder": str(OTHER)}],
            at=clock.now(),
        )
        == []
    )


def own_detail(holder: Account, installations: list[Installation]) -> dict[str, Any]:
    return {
        "type": "installation_access",
        "relation": "owner",
        "holder": str(holder.tax_id),
        "actions": ["read", "write"],
        "installations": list(codes(installations)),
    }


def granted_detail(
    grant_id: str, holder: Account, installations: list[Installation]
) -> dict[str, Any]:
    return {
        **own_detail(holder, installations),
        "relation": "delegate",
        "grant_id": grant_id,
        "grant_chain": [grant_id],
    }


def test_a_token_keeps_what_is_still_good_and_nothing_else(maria: Account, guest: Account) -> None:
    at = clock.now()
    owned = holdings(maria.tax_id, 3)
    grant = a_grant(maria, guest, owned[:2], expires_at=at + HOUR, at=at)
    gone = a_grant(maria, guest, owned)
    services.revoke(gone, by=maria.actor, at=at)
    foreign = {"type": "something_else", "deep": {"er": 1}}
    token = [
        granted_detail(gone.public_id, maria, owned),
        foreign,
        granted_detail(grant.public_id, maria, owned),
        own_detail(maria, owned),
        own_detail(guest, owned),
    ]
    assert still_effective(guest.id, token, at=at) == [
        foreign,
        {
            **granted_detail(grant.public_id, maria, owned[:2]),
            "actions": ["read"],
            "expires_at": int((at + HOUR).timestamp()),
        },
    ]
    assert still_effective(maria.id, [own_detail(maria, owned)], at=at) == [
        own_detail(maria, owned)
    ]
    assert still_effective(2**60, token, at=at) == [foreign]
    assert still_effective(guest.id, [foreign], at=at) == [foreign]
    assert still_effective(guest.id, [], at=at) == []


def test_actions_of_a_token_never_grow_back(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 1)
    grant = a_grant(maria, guest, owned, level=Level.FULL)
    token = [{**granted_detail(grant.public_id, maria, owned), "actions": ["read"]}]
    assert still_effective(guest.id, token, at=clock.now()) == token
    no_longer = [{**token[0], "actions": ["delete"]}]
    assert still_effective(guest.id, no_longer, at=clock.now()) == []


def test_sets_in_a_token_are_counted_anew_and_vanish_with_the_last_grant(
    maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 5)
    grant = a_grant(maria, guest, owned[:3])
    a_grant(maria, guest, owned[3:])
    sets = [
        {"type": "installation_set", "relation": each, "count": 9, "version": 0, "evaluate": "e"}
        for each in ("owner", "delegate", "manager", "nonsense")
    ]
    services.revoke_installations(grant, [owned[0].id], by=maria.actor, at=clock.now())
    assert still_effective(guest.id, sets, at=clock.now()) == [
        {**sets[1], "count": 4, "version": 3}
    ]
    assert still_effective(maria.id, sets, at=clock.now()) == [
        {**sets[0], "count": 5, "version": 1}
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "installation_access"},
        {"type": "installation_access", "holder": 7, "installations": [], "actions": []},
        {"type": "installation_access", "grant_id": "g_x", "installations": ["\\", '"', "{}"]},
        {"type": "installation_set"},
        {"type": ["installation_access"]},
        {},
    ],
)
def test_an_object_of_another_shape_is_never_good(maria: Account, broken: dict[str, Any]) -> None:
    a_holder(maria.tax_id)
    kept = still_effective(maria.id, [broken], at=clock.now())
    assert kept == ([broken] if broken.get("type") in (["installation_access"], None) else [])


def test_each_question_is_one_statement_however_many_grants_there_are(
    maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 6)
    details = [granted_detail(a_grant(maria, guest, [o]).public_id, maria, [o]) for o in owned]
    at, account_id, tax_id = clock.now(), guest.id, guest.tax_id
    with statements_sent() as statements:
        access_of(account_id, tax_id, at=at, limit=50)
        access_filtered(guest, at=at, installations=codes(owned))
        may(account_id, owned[0].id, "read", at)
        assert len(still_effective(account_id, details, at=at)) == 6
    assert len(statements) == 4
