"""Reporting uses: once each, all or none, true to what was allowed at that moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from idp import clock
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, Level, Relation
from tests.access.test_cost import statements_sent
from tests.api.reporting import (
    World,
    an_application,
    assert_problem,
    path_of,
    persons_token,
    recorded,
    said,
)
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant
from tests.factories.oauth import a_resource_server
from tests.factories.registry import an_installation, holdings

ANA = "br:cpf:11144477735"


def test_a_use_is_recorded_with_who_told_it(world: World) -> None:
    response = world.report(world.use())
    assert (response.status_code, response.content_type) == (201, "application/json")
    (use,) = recorded()
    assert (use.grant_id, use.holder_tax_id) == (world.grant.id, world.maria.tax_id)
    assert (use.installation_id, use.installation_code) == (world.owned[0].id, world.owned[0].code)
    assert (use.client_id, use.client_name) == (world.api.client_id, "Billing API")
    assert (use.action, use.description) == ("write", "Paid the bill of October")
    (told,) = response.get_json()["uses"]
    assert told.pop("reported_at")
    assert told == {**world.use(at=told["at"]), "distributor": "", "was_allowed": True}
    assert datetime.fromisoformat(told["at"]) == use.at


def test_the_same_report_again_is_no_new_use(world: World) -> None:
    use = world.use()
    first = world.report(use)
    again = world.report(use)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    more = world.report(use, world.use(reference="payment-2"))
    assert (more.status_code, len(more.get_json()["uses"])) == (201, 2)
    assert len(recorded()) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"action": "read"},
        {"description": "Something else"},
        {"installation": "another"},
        {"installation": None},
        {"distributor": "another"},
    ],
)
def test_a_reference_is_never_used_for_something_else(world: World, change: Any) -> None:
    use = world.use()
    world.report(use)
    other = world.use(**{"at": use["at"], **change})
    body = assert_problem(world.report(world.use(reference="new"), other), 409, "reference_reused")
    assert body["errors"][0]["pointer"] == "#/uses/1/reference"
    assert len(recorded()) == 1


def test_a_reference_is_not_free_for_another_grant_or_moment(world: World) -> None:
    use = world.use()
    world.report(use)
    other = a_grant(world.maria, world.joao, world.owned[:1])
    assert_problem(world.report(use, path=path_of(other)), 409, "reference_reused")
    later = said(clock.now() + timedelta(seconds=1))
    assert_problem(world.report({**use, "at": later}), 409, "reference_reused")


def test_two_applications_may_use_the_same_reference(world: World) -> None:
    world.report(world.use())
    other = world.token(a_resource_server(scope="grant_uses", client_name="Chat"))
    assert world.report(world.use(), token=other).status_code == 201
    assert [use.client_name for use in recorded()] == ["Billing API", "Chat"]


def test_all_are_recorded_or_none_and_the_wrong_one_is_named(world: World) -> None:
    old = said(clock.now() - timedelta(days=31))
    for wrong, pointer in (
        ({"at": old}, "#/uses/1/at"),
        ({"action": "delete"}, "#/uses/1/action"),
        ({"reference": "a b"}, "#/uses/1/reference"),
        ({"description": None}, "#/uses/1/description"),
        ({"reference": "good"}, "#/uses/1/reference"),
    ):
        bad = world.use(**{"reference": "bad", **wrong})
        response = world.report(world.use(reference="good"), bad)
        assert response.status_code == 422
        assert [each["pointer"] for each in response.get_json()["errors"]] == [pointer]
    assert recorded() == []


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (timedelta(minutes=2), "use_in_the_future"),
        (-timedelta(days=31), "use_too_old"),
        (-timedelta(hours=2), "use_outside_period"),
    ],
)
def test_a_use_happened_lately_and_after_the_grant_began(
    world: World, moment: timedelta, code: str
) -> None:
    use = world.use(at=said(clock.now() + moment))
    assert_problem(world.report(use), 422, code)
    assert recorded() == []


def test_clocks_may_differ_by_a_minute(world: World) -> None:
    for moment in (clock.now() + timedelta(seconds=50), world.grant.created_at):
        use = world.use(at=said(moment), reference=str(moment.timestamp()))
        assert world.report(use).get_json()["uses"][0]["was_allowed"] is True


class TestWhatTheGrantDidNotAllow:
    """It is recorded all the same: the holder wants to know."""

    def allowed(self, world: World, **changes: Any) -> bool:
        reference = f"r{len(recorded())}"
        response = world.report(world.use(**{"reference": reference, **changes}))
        assert response.status_code == 201, response.text
        (told,) = response.get_json()["uses"]
        assert recorded()[-1].was_allowed == told["was_allowed"]
        return bool(told["was_allowed"])

    def test_another_installation_of_hers(self, world: World) -> None:
        assert not self.allowed(world, installation=world.owned[2].code)
        assert recorded()[0].installation_id == world.owned[2].id

    def test_an_installation_that_is_not_hers_and_one_that_is_not_there_look_alike(
        self, world: World
    ) -> None:
        (foreign,) = holdings(world.joao.tax_id, 1)
        for code in (foreign.code, "nothing"):
            assert not self.allowed(world, installation=code)
        assert [use.installation_id for use in recorded()] == [None, None]

    def test_no_installation_means_the_access_as_a_whole(self, world: World) -> None:
        assert self.allowed(world, installation=None)

    def test_a_change_on_a_grant_to_see(self, world: World) -> None:
        lent = a_grant(world.maria, world.joao, world.owned, at=clock.now() - timedelta(minutes=5))
        world.grant = lent
        assert self.allowed(world, action="read")
        assert not self.allowed(world, action="write")

    def test_after_it_was_revoked(self, world: World) -> None:
        before = said(clock.now() - timedelta(seconds=2))
        services.revoke(world.grant, by=world.maria.actor, at=clock.now())
        db.session.commit()
        assert self.allowed(world, at=before)
        assert not self.allowed(world, at=said(clock.now()))

    def test_after_the_installation_was_taken_out(self, world: World) -> None:
        before = said(clock.now() - timedelta(seconds=2))
        services.revoke_installations(
            world.grant, [world.owned[0].id], by=world.maria.actor, at=clock.now()
        )
        db.session.commit()
        assert self.allowed(world, at=before)
        assert not self.allowed(world, at=said(clock.now()))
        assert self.allowed(world, installation=world.owned[1].code)

    def test_after_its_end_date(self, world: World) -> None:
        world.grant.expires_at = clock.now() - timedelta(minutes=1)
        db.session.commit()
        assert self.allowed(world, at=said(clock.now() - timedelta(minutes=2)))
        assert not self.allowed(world)

    def test_while_somebody_was_locked_out(self, world: World) -> None:
        world.maria.locked_at = clock.now() - timedelta(minutes=1)
        db.session.commit()
        assert self.allowed(world, at=said(clock.now() - timedelta(minutes=2)))
        assert not self.allowed(world)


class TestInAChain:
    """Maria → Ana, who manages → João, who works for her."""

    @pytest.fixture
    def above(self, world: World) -> Grant:
        ana = an_account(ANA, "Ana Prado", "ana@example.com")
        began = clock.now() - timedelta(minutes=30)
        return a_grant(
            world.maria,
            ana,
            world.owned[:2],
            level=Level.FULL,
            relation=Relation.MANAGER,
            at=began,
        )

    @pytest.fixture
    def below(self, world: World, above: Grant) -> Grant:
        world.grant = a_grant(
            above.grantee,
            world.joao,
            None,
            level=Level.FULL,
            relation=Relation.COLLABORATOR,
            parent=above,
            at=clock.now() - timedelta(minutes=20),
        )
        return world.grant

    def allowed(self, world: World, **changes: Any) -> bool:
        use = world.use(**{"reference": f"r{len(recorded())}", **changes})
        told = world.report(use).get_json()["uses"][0]
        return bool(told["was_allowed"])

    def test_every_link_has_to_allow_it(self, world: World, below: Grant) -> None:
        assert recorded() == []
        assert self.allowed(world)
        assert not self.allowed(world, installation=world.owned[2].code), "everything that she may"
        assert recorded()[0].grant_id == below.id

    def test_what_ends_above_ends_below(self, world: World, above: Grant, below: Grant) -> None:
        before = said(clock.now() - timedelta(seconds=2))
        services.revoke(above, by=world.maria.actor, at=clock.now())
        db.session.commit()
        assert not self.allowed(world)
        assert self.allowed(world, at=before)

    def test_a_level_above_is_a_level_below(self, world: World, above: Grant, below: Grant) -> None:
        above.level = Level.READ_ONLY
        db.session.commit()
        assert self.allowed(world, action="read")
        assert not self.allowed(world, action="write")


def test_everything_means_what_comes_later_too_but_not_what_was_taken_out(world: World) -> None:
    world.grant = a_grant(
        world.maria, world.joao, None, level=Level.FULL, at=clock.now() - timedelta(minutes=5)
    )
    services.revoke_installations(
        world.grant, [world.owned[0].id], by=world.maria.actor, at=clock.now()
    )
    db.session.commit()
    (new,) = holdings(world.maria.tax_id, 1)
    uses = [
        world.use(reference=each.code, installation=each.code, at=said(clock.now()))
        for each in (*world.owned, new)
    ]
    told = world.report(*uses).get_json()["uses"]
    assert [each["was_allowed"] for each in told] == [False, True, True, True]


def test_a_code_of_two_distributors_means_neither_unless_one_is_named(world: World) -> None:
    code = world.owned[0].code
    an_installation(world.maria.tax_id, code, distributor="other")
    told = world.report(
        world.use(),
        world.use(reference="r2", distributor="elektro"),
        world.use(reference="r3", distributor="other"),
    ).get_json()["uses"]
    assert [each["was_allowed"] for each in told] == [False, True, False]


def test_a_report_costs_a_handful_of_statements_however_many_uses(world: World) -> None:
    token, path = world.token(), world.path
    uses = [world.use(reference=f"r{number}") for number in range(100)]
    world.report(world.use(), token=token, path=path)
    with statements_sent() as sent:
        assert world.report(*uses, token=token, path=path).status_code == 201
    assert len(sent) <= 6, sent  # one more when the cache of clients was just forgotten


@pytest.mark.parametrize(
    "change",
    ["UPDATE grant_uses SET description = ''", "DELETE FROM grant_uses", "TRUNCATE grant_uses"],
)
def test_nothing_changes_what_is_on_record(world: World, change: str) -> None:
    world.report(world.use())
    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(change))
    assert len(recorded()) == 1


def test_after_the_end_nobody_learns_by_reports_what_the_holder_has_now(world: World) -> None:
    world.grant = a_grant(world.maria, world.joao, None, at=clock.now() - timedelta(minutes=5))
    token = persons_token(world.client, world.joao, an_application())
    before = said(clock.now() - timedelta(seconds=1))
    told = world.report(world.use(action="read", at=before), token=token).get_json()
    assert told["uses"][0]["was_allowed"] is True
    services.revoke(world.grant, by=world.maria.actor, at=clock.now())
    (new,) = holdings(world.maria.tax_id, 1)
    for number, code in enumerate((new.code, "4999999999")):
        use = world.use(reference=f"r{number}", action="read", at=before, installation=code)
        for _time in range(2):
            told = world.report(use, token=token).get_json()
            assert told["uses"][0]["was_allowed"] is None
        told = world.report({**use, "reference": f"api{number}"}).get_json()
        assert told["uses"][0]["was_allowed"] is (code == new.code), "an API may ask anyway"
