"""Who may do what with a grant, and how it ends: walked cell by cell, without a database."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from idp.errors import DomainError, NotAllowed
from idp.grants import rules, scope
from idp.grants.errors import (
    ChainTooLong,
    EndInThePast,
    GrantToOneself,
    LongerThanAbove,
    NoInstallations,
    NothingAbove,
    WiderThanAbove,
)
from idp.grants.models import Extent, Grant, Level, Relation, State
from idp.grants.rules import Act, Part
from idp.taxids import TaxId

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MARIA = TaxId("br", "cpf", "52998224725")
JOAO = TaxId("br", "cpf", "39053344705")

# Every cell that says yes; all others say no. RENOUNCE is only ever for one's own link, and nobody
# but the worker and the import ends access for a reason of its own.
ALLOWED = {
    Part.OWNER: {Act.SEE, Act.ACT, Act.INVITE},
    Part.HOLDER: {Act.SEE, Act.CHANGE_LEVEL, Act.REVOKE, Act.NARROW},
    Part.FELLOW: {Act.SEE},
    Part.ABOVE: {Act.SEE, Act.CHANGE_LEVEL, Act.REVOKE, Act.NARROW},
    Part.REPRESENTATIVE: {Act.SEE, Act.ACT, Act.INVITE, Act.RENOUNCE},
    Part.DELEGATE: {Act.SEE, Act.ACT, Act.RENOUNCE},
    Part.MANAGER: {Act.SEE, Act.ACT, Act.INVITE, Act.RENOUNCE},
    Part.COLLABORATOR: {Act.SEE, Act.ACT, Act.RENOUNCE},
    Part.STAFF: {Act.SEE, Act.REVOKE, Act.NARROW, Act.REVIEW},
    Part.SYSTEM: {Act.END},
    Part.STRANGER: set(),
}
MAY_GIVE = {
    (Relation.OWNER, Relation.DELEGATE),
    (Relation.OWNER, Relation.MANAGER),
    (Relation.REPRESENTATIVE, Relation.DELEGATE),
    (Relation.REPRESENTATIVE, Relation.MANAGER),
    (Relation.MANAGER, Relation.MANAGER),
    (Relation.MANAGER, Relation.COLLABORATOR),
}


def an_account(tax_id: TaxId, number: int, reference: str, locked: bool = False) -> Any:
    return SimpleNamespace(
        id=number, tax_id=tax_id, public_id=reference, locked_at=NOW if locked else None
    )


def a_grant(
    state: State = State.ACTIVE,
    expires_at: datetime | None = None,
    *,
    relation: Relation = Relation.MANAGER,
    level: Level = Level.FULL,
    grantee: int = 2,
    holder: TaxId = MARIA,
    ended_at: datetime = NOW,
) -> Grant:
    return cast(
        Grant,
        SimpleNamespace(
            state=state,
            expires_at=expires_at,
            relation=relation,
            level=level,
            grantee_id=grantee,
            holder_tax_id=holder,
            ended_at=None if state is State.ACTIVE else ended_at,
        ),
    )


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("part", list(Part))
def test_every_cell_of_the_permission_table(part: Part, act: Act) -> None:
    assert rules.allows(part, act) is (act in ALLOWED[part])
    if act in ALLOWED[part]:
        rules.check_allows(part, act)
    else:
        with pytest.raises(NotAllowed):
            rules.check_allows(part, act)


@pytest.mark.parametrize("given", list(Relation))
@pytest.mark.parametrize("giver", list(Relation))
def test_every_cell_of_what_each_relation_may_give_on(giver: Relation, given: Relation) -> None:
    assert (given in rules.MAY_GIVE[giver]) is ((giver, given) in MAY_GIVE)
    if giver is not Relation.OWNER:
        allowed = rules.may_give([a_grant(relation=giver)], depth=3)
        assert (given in allowed) is ((giver, given) in MAY_GIVE)


def test_whoever_received_a_link_has_the_part_of_its_relation() -> None:
    assert {relation.value: part.value for relation, part in rules.RECEIVED.items()} == {
        relation.value: relation.value for relation in Relation
    }


def test_nobody_gives_on_at_the_end_of_the_longest_chain() -> None:
    links = [a_grant(), a_grant(grantee=3)]
    assert rules.may_give(links, depth=3)
    assert rules.may_give(links, depth=2) == frozenset()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    ("expires_at", "is_before_its_end"),
    [(None, True), (NOW + SECOND, True), (NOW, False), (NOW - SECOND, False)],
)
def test_a_grant_is_active_in_its_state_and_strictly_before_its_end(
    state: State, expires_at: datetime | None, is_before_its_end: bool
) -> None:
    grant = a_grant(state, expires_at)
    assert rules.is_active(grant, NOW) is (state is State.ACTIVE and is_before_its_end)


@pytest.mark.parametrize("wanted", [each for each in State if each is not State.ACTIVE])
@pytest.mark.parametrize("state", list(State))
def test_only_an_active_grant_goes_on_to_another_state(state: State, wanted: State) -> None:
    expected = wanted if state is State.ACTIVE else None
    assert rules.next_state([a_grant(state)], wanted, NOW) is expected


@pytest.mark.parametrize("wanted", [State.REVOKED, State.RENOUNCED, State.ENDED, State.CANCELLED])
def test_an_end_date_that_has_come_wins_over_a_later_wish(wanted: State) -> None:
    assert rules.next_state([a_grant(expires_at=NOW)], wanted, NOW) is State.EXPIRED
    assert rules.next_state([a_grant(expires_at=NOW + SECOND)], wanted, NOW) is wanted


@pytest.mark.parametrize("wanted", [State.REVOKED, State.RENOUNCED, State.ENDED, State.CANCELLED])
def test_the_end_of_a_link_above_wins_over_a_later_wish(wanted: State) -> None:
    for above, state in (
        (a_grant(State.RENOUNCED), State.REVOKED),
        (a_grant(State.CANCELLED), State.CANCELLED),
        (a_grant(expires_at=NOW), State.EXPIRED),
        (a_grant(expires_at=NOW + SECOND), wanted),
    ):
        assert rules.next_state([above, a_grant()], wanted, NOW) is state


def test_a_chain_stands_as_the_link_that_ended_first_the_highest_of_several() -> None:
    earlier = a_grant(State.CANCELLED, ended_at=NOW - SECOND)
    assert rules.first_ended([a_grant(State.REVOKED), earlier, a_grant()], NOW) is earlier
    assert rules.shown_state([a_grant(State.REVOKED), earlier, a_grant()], NOW) is State.CANCELLED
    due = a_grant(expires_at=NOW - 2 * SECOND)
    assert rules.first_ended([earlier, due], NOW) is due
    assert rules.ended_at(due) == NOW - 2 * SECOND
    highest = a_grant(State.REVOKED)
    assert rules.first_ended([highest, a_grant(State.ENDED)], NOW) is highest
    assert rules.first_ended([a_grant(), a_grant(expires_at=NOW + SECOND)], NOW) is None


def test_people_are_told_of_an_expiry_from_the_end_date_on() -> None:
    assert rules.shown_state([a_grant(expires_at=NOW)], NOW) is State.EXPIRED
    assert rules.shown_state([a_grant(expires_at=NOW + SECOND)], NOW) is State.ACTIVE
    assert rules.shown_state([a_grant(State.REVOKED, NOW)], NOW) is State.REVOKED


@pytest.mark.parametrize(
    ("above", "shown"),
    [
        (a_grant(State.REVOKED), State.REVOKED),
        (a_grant(State.RENOUNCED), State.REVOKED),
        (a_grant(State.CANCELLED), State.CANCELLED),
        (a_grant(State.ENDED), State.ENDED),
        (a_grant(expires_at=NOW), State.EXPIRED),
        (a_grant(), State.ACTIVE),
    ],
)
def test_a_link_shows_the_end_of_the_first_one_above_that_ended(above: Grant, shown: State) -> None:
    assert rules.shown_state([a_grant(), above, a_grant()], NOW) is shown
    assert rules.stands([a_grant(), above, a_grant()], NOW) is (shown is State.ACTIVE)


def test_a_link_that_ended_by_itself_keeps_saying_how() -> None:
    links = [a_grant(State.REVOKED), a_grant(State.RENOUNCED)]
    assert rules.shown_state(links, NOW) is State.RENOUNCED


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"granted_by": None}, None),
        ({"granted_by": an_account(MARIA, 1, "a_maria", locked=True)}, NotAllowed),
        ({"to": an_account(JOAO, 2, "a_joao", locked=True)}, NotAllowed),
        ({"to": an_account(MARIA, 3, "a_maria2")}, GrantToOneself),
        ({"to": an_account(JOAO, 1, "a_maria")}, GrantToOneself),
    ],
)
def test_who_may_receive_from_whom(
    changes: dict[str, Any], refusal: type[DomainError] | None
) -> None:
    values = {
        "holder": MARIA,
        "granted_by": an_account(MARIA, 1, "a_maria"),
        "to": an_account(JOAO, 2, "a_joao"),
        **changes,
    }
    with expect(refusal):
        scope.check_parties(**values)


@pytest.mark.parametrize(
    ("check", "refusal"),
    [
        (lambda: scope.check_end(None, NOW), None),
        (lambda: scope.check_end(NOW + SECOND, NOW), None),
        (lambda: scope.check_end(NOW, NOW), EndInThePast),
        (lambda: scope.check_extent(Extent.CHOSEN, 1), None),
        (lambda: scope.check_extent(Extent.CHOSEN, 0), NoInstallations),
        (lambda: scope.check_extent(Extent.EVERYTHING, 0), None),
    ],
)
def test_what_a_grant_needs(check: Any, refusal: type[DomainError] | None) -> None:
    with expect(refusal):
        check()


LATER = NOW + 9 * SECOND


@pytest.mark.parametrize(
    ("links", "changes", "refusal"),
    [
        ([a_grant()], {}, None),
        ([a_grant(grantee=9), a_grant()], {}, None),
        ([a_grant(State.REVOKED)], {}, NothingAbove),
        ([a_grant(expires_at=NOW)], {}, NothingAbove),
        ([a_grant(State.EXPIRED, grantee=9), a_grant()], {}, NothingAbove),
        ([a_grant()], {"granted_by": None}, NotAllowed),
        ([a_grant(grantee=3)], {}, NotAllowed),
        ([a_grant(holder=JOAO)], {}, NotAllowed),
        ([a_grant(relation=Relation.DELEGATE)], {}, NotAllowed),
        ([a_grant(relation=Relation.COLLABORATOR)], {}, NotAllowed),
        ([a_grant()], {"relation": Relation.DELEGATE}, NotAllowed),
        ([a_grant()], {"relation": Relation.MANAGER}, None),
        ([a_grant(grantee=7), a_grant()], {}, GrantToOneself),
        ([a_grant(grantee=8), a_grant(grantee=9), a_grant()], {}, ChainTooLong),
        ([a_grant(level=Level.READ_ONLY)], {}, WiderThanAbove),
        ([a_grant(level=Level.READ_ONLY)], {"level": Level.READ_ONLY}, None),
        ([a_grant(level=Level.READ_ONLY, grantee=9), a_grant()], {}, WiderThanAbove),
        ([a_grant(expires_at=LATER)], {}, LongerThanAbove),
        ([a_grant(expires_at=LATER)], {"ends_at": LATER}, None),
        ([a_grant(expires_at=LATER)], {"ends_at": LATER + SECOND}, LongerThanAbove),
        ([a_grant(expires_at=LATER, grantee=9), a_grant()], {}, LongerThanAbove),
    ],
)
def test_a_link_is_never_wider_nor_longer_than_those_above(
    links: list[Grant], changes: dict[str, Any], refusal: type[DomainError] | None
) -> None:
    giver = an_account(JOAO, 2, "a_joao")
    parties = {"granted_by": giver, "to": an_account(JOAO, 7, "a_rita")}
    wanted = scope.Scope(MARIA, Relation.COLLABORATOR, Level.FULL, Extent.EVERYTHING)
    for name, value in changes.items():
        if name in parties:
            parties[name] = value
        else:
            wanted = replace(wanted, **{name: value})
    with expect(refusal):
        scope.check_below(links, wanted, **parties, depth=3, at=NOW)


def expect(refusal: type[DomainError] | None) -> AbstractContextManager[Any]:
    return nullcontext() if refusal is None else pytest.raises(refusal)


def test_a_level_allows_what_its_name_says() -> None:
    assert Level.FULL.actions == ["read", "write"]
    assert Level.READ_ONLY.actions == ["read"]
