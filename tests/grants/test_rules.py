"""Who may do what with a grant, and how it ends: walked cell by cell, without a database."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from idp.audit import SYSTEM, Actor
from idp.errors import DomainError, NotAllowed
from idp.grants import rules
from idp.grants.errors import EndInThePast, GrantToOneself, NoInstallations
from idp.grants.models import Grant, Level, State
from idp.grants.rules import Act, Part
from idp.taxids import TaxId

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MARIA = TaxId("br", "cpf", "52998224725")
JOAO = TaxId("br", "cpf", "39053344705")

ACTORS = {
    Part.HOLDER: Actor("account", "a_maria"),
    Part.GRANTEE: Actor("account", "a_joao"),
    Part.STAFF: Actor("staff", "t_ana"),
    Part.SYSTEM: SYSTEM,
    Part.STRANGER: Actor("account", "a_other"),
}
ALLOWED = {
    (Part.HOLDER, Act.SEE),
    (Part.HOLDER, Act.REVOKE),
    (Part.HOLDER, Act.NARROW),
    (Part.GRANTEE, Act.SEE),
    (Part.GRANTEE, Act.RENOUNCE),
    (Part.STAFF, Act.SEE),
    (Part.STAFF, Act.REVOKE),
    (Part.STAFF, Act.NARROW),
    (Part.SYSTEM, Act.END),
}


def an_account(tax_id: TaxId, number: int, reference: str, locked: bool = False) -> Any:
    return SimpleNamespace(
        id=number, tax_id=tax_id, public_id=reference, locked_at=NOW if locked else None
    )


def a_grant(state: State = State.ACTIVE, expires_at: datetime | None = None) -> Grant:
    return cast(
        Grant,
        SimpleNamespace(
            state=state,
            expires_at=expires_at,
            granted_by=an_account(MARIA, 1, "a_maria"),
            grantee=an_account(JOAO, 2, "a_joao"),
        ),
    )


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("part", list(Part))
def test_every_cell_of_the_permission_table(part: Part, act: Act) -> None:
    grant = a_grant()
    assert rules.part_of(ACTORS[part], grant) is part
    assert rules.may(ACTORS[part], act, grant) is ((part, act) in ALLOWED)
    if (part, act) in ALLOWED:
        rules.check_may(ACTORS[part], act, grant)
    else:
        with pytest.raises(NotAllowed):
            rules.check_may(ACTORS[part], act, grant)


@pytest.mark.parametrize("reference", ["a_maria", "a_joao", "t_ana", ""])
@pytest.mark.parametrize("kind", ["client", "account"])
def test_an_application_or_an_unknown_account_is_a_stranger(kind: Any, reference: str) -> None:
    part = rules.part_of(Actor(kind, reference), a_grant())
    known = kind == "account" and reference in ("a_maria", "a_joao")
    assert (part is Part.STRANGER) is not known


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
    assert rules.next_state(a_grant(state), wanted, NOW) is expected


@pytest.mark.parametrize("wanted", [State.REVOKED, State.RENOUNCED, State.ENDED, State.CANCELLED])
def test_an_end_date_that_has_come_wins_over_a_later_wish(wanted: State) -> None:
    assert rules.next_state(a_grant(expires_at=NOW), wanted, NOW) is State.EXPIRED
    assert rules.next_state(a_grant(expires_at=NOW + SECOND), wanted, NOW) is wanted


def test_people_are_told_of_an_expiry_from_the_end_date_on() -> None:
    assert rules.shown_state(a_grant(expires_at=NOW), NOW) is State.EXPIRED
    assert rules.shown_state(a_grant(expires_at=NOW + SECOND), NOW) is State.ACTIVE
    assert rules.shown_state(a_grant(State.REVOKED, NOW), NOW) is State.REVOKED


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"expires_at": NOW + SECOND}, None),
        ({"expires_at": NOW}, EndInThePast),
        ({"installations": 0}, NoInstallations),
        ({"granted_by": an_account(MARIA, 1, "a_maria", locked=True)}, NotAllowed),
        ({"to": an_account(JOAO, 2, "a_joao", locked=True)}, NotAllowed),
        ({"to": an_account(MARIA, 3, "a_maria2")}, GrantToOneself),
        ({"to": an_account(JOAO, 1, "a_maria")}, GrantToOneself),
    ],
)
def test_what_may_be_granted(changes: dict[str, Any], refusal: type[DomainError] | None) -> None:
    values = {
        "holder": MARIA,
        "granted_by": an_account(MARIA, 1, "a_maria"),
        "to": an_account(JOAO, 2, "a_joao"),
        "installations": 1,
        "expires_at": None,
        "at": NOW,
        **changes,
    }
    if refusal is None:
        rules.check_issuable(**values)
        return
    with pytest.raises(refusal):
        rules.check_issuable(**values)


def test_a_level_allows_what_its_name_says() -> None:
    assert Level.FULL.actions == ["read", "write"]
    assert Level.READ_ONLY.actions == ["read"]
