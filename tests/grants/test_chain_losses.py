"""What a link loses, those below it lose, on PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.extensions import db
from idp.grants import services
from idp.grants.effective import may, totals_of
from idp.grants.errors import WiderThanAbove
from idp.grants.letters import SHOWN
from idp.grants.models import Level, State
from idp.mail.models import Mail
from tests.factories.registry import a_holder, holdings
from tests.grants.company import ACME, HOUR, OTHER, World, codes_of, last_event, names, settle, told
from tests.grants.transferring import transfer


@pytest.fixture
def world(app: Flask) -> World:
    return World()


def test_a_manager_who_may_only_read_has_collaborators_who_may_only_read(world: World) -> None:
    at = clock.now()
    above = world.managed(None)
    below = world.given_on(above, None, level=Level.FULL)
    assert may(world.carla.id, world.owned[0].id, "write", at) is not None
    services.change_level(above, Level.READ_ONLY, by=world.ana.actor, at=at)
    assert may(world.carla.id, world.owned[0].id, "write", at) is None
    assert may(world.carla.id, world.owned[0].id, "read", at) is not None
    assert below.level is Level.FULL
    with pytest.raises(WiderThanAbove):
        other = world.given_on(above, None, to=world.davi)
        services.change_level(other, Level.FULL, by=world.manager.actor, at=at)
    services.change_level(above, Level.FULL, by=world.ana.actor, at=at)
    assert may(world.carla.id, world.owned[0].id, "write", at) is not None


def test_what_is_taken_from_a_manager_is_taken_from_those_below_who_are_told(
    world: World,
) -> None:
    above = world.managed(world.owned)
    below = world.given_on(above, world.owned[:3])
    at = clock.now()
    services.revoke_installations(
        above, [each.id for each in world.owned[:2]], by=world.ana.actor, at=at
    )
    db.session.refresh(below)
    assert (above.installation_count, below.installation_count) == (2, 1)
    assert (below.state, below.version) == (State.ACTIVE, 2)
    assert codes_of(world.carla) == [names(world.owned[2:3])]
    assert last_event(below) == "grant.narrowed"
    mails = db.session.scalars(select(Mail).where(Mail.template == "grant_narrowed")).all()
    assert {(m.recipient_address, m.context["count"], m.context["remaining"]) for m in mails} == {
        ("ana@example.com", 2, 2),
        ("joao@example.com", 2, 2),
        ("joao@example.com", 2, 1),
        ("carla@example.com", 2, 1),
    }


def test_a_link_below_that_has_nothing_left_ends(world: World) -> None:
    above = world.managed(world.owned)
    below = world.given_on(above, world.owned[:1])
    services.revoke_installations(above, [world.owned[0].id], by=world.ana.actor, at=clock.now())
    db.session.refresh(below)
    assert (above.state, below.state) == (State.ACTIVE, State.REVOKED)
    revoked = told("grant_revoked")
    assert set(revoked) == {"joao@example.com", "carla@example.com"}
    assert revoked["carla@example.com"]["codes"] == [world.owned[0].code]


def test_a_link_below_that_ends_is_told_of_all_it_lost_however_few_are_named(world: World) -> None:
    owned = [*world.owned, *holdings(ACME, SHOWN)]
    above = world.managed(owned)
    below = world.given_on(above, owned[1:])
    ids = [each.id for each in owned[1:]]
    services.revoke_installations(above, ids, by=world.ana.actor, at=clock.now())
    db.session.refresh(below)
    assert below.state is State.REVOKED
    carla = told("grant_revoked")["carla@example.com"]
    assert (carla["count"], len(carla["codes"])) == (len(ids), SHOWN)


def test_the_last_installation_of_a_manager_ends_those_below_with_it(world: World) -> None:
    above = world.managed(world.owned[:2])
    below = world.given_on(above, world.owned[:2])
    ids = [each.id for each in world.owned[:2]]
    services.revoke_installations(above, ids, by=world.ana.actor, at=clock.now())
    db.session.refresh(below)
    assert (above.state, below.state) == (State.REVOKED, State.REVOKED)
    mails = db.session.scalars(select(Mail).where(Mail.template == "grant_revoked")).all()
    assert {(m.recipient_address, m.context["cause"], m.context["count"]) for m in mails} == {
        ("ana@example.com", "holder", 2),
        ("joao@example.com", "holder", 2),
        ("joao@example.com", "above", 2),
        ("carla@example.com", "above", 2),
    }
    settle()
    assert not above.unsettled_below


def test_an_exception_from_everything_counts_for_those_below_once(world: World) -> None:
    above = world.managed(None)
    below = world.given_on(above, None)
    first, second = world.owned[0], world.owned[1]
    services.revoke_installations(below, [first.id], by=world.manager.actor, at=clock.now())
    assert (above.excepted_count, below.excepted_count) == (0, 1)
    services.revoke_installations(above, [first.id, second.id], by=world.ana.actor, at=clock.now())
    db.session.refresh(below)
    assert (above.excepted_count, below.excepted_count) == (2, 0)
    assert codes_of(world.carla) == codes_of(world.manager) == [names(world.owned[2:])]
    services.revoke_installations(below, [second.id], by=world.manager.actor, at=clock.now())
    db.session.refresh(below)
    assert below.excepted_count == 0
    for account in (world.manager, world.carla):
        assert [each.count for each in totals_of(account.id, at=clock.now())] == [2]


def test_an_exception_outlives_that_the_installation_leaves_and_comes_back(world: World) -> None:
    """A registry that errs for a day gives nobody back what the holder took from them."""
    above = world.managed(None)
    services.revoke_installations(above, [world.owned[0].id], by=world.ana.actor, at=clock.now())
    db.session.commit()
    assert codes_of(world.manager) == [names(world.owned[1:])]
    a_holder(OTHER)
    transfer(world.owned[:1], OTHER)
    db.session.refresh(above)
    assert above.excepted_count == 0
    assert codes_of(world.manager) == [names(world.owned[1:])]
    transfer(world.owned[:1], ACME)
    db.session.refresh(above)
    assert above.excepted_count == 1
    assert codes_of(world.manager) == [names(world.owned[1:])]


def test_what_is_away_keeps_its_exception_below_when_it_is_named_above(world: World) -> None:
    above = world.managed(None)
    below = world.given_on(above, None)
    gone = world.owned[0]
    services.revoke_installations(below, [gone.id], by=world.manager.actor, at=clock.now())
    db.session.commit()
    a_holder(OTHER)
    transfer([gone], OTHER)
    chosen = [each.id for each in world.owned[:2]]
    services.revoke_installations(above, chosen, by=world.ana.actor, at=clock.now())
    db.session.commit()
    transfer([gone], ACME)
    for each in (above, below):
        db.session.refresh(each)
    assert (above.excepted_count, below.excepted_count) == (1, 1)
    assert codes_of(world.carla) == [names(world.owned[2:])]


def test_chosen_installations_that_leave_end_at_every_link_and_do_not_come_back(
    world: World,
) -> None:
    above = world.managed(world.owned[:2])
    below = world.given_on(above, world.owned[:1])
    a_holder(OTHER)
    transfer(world.owned[:1], OTHER)
    transfer(world.owned[:1], ACME)
    for link in (above, below):
        db.session.refresh(link)
    assert (above.state, above.installation_count) == (State.ACTIVE, 1)
    assert (below.state, below.installation_count) == (State.ENDED, 0)
    assert codes_of(world.carla) == []
    assert codes_of(world.manager) == [names(world.owned[1:2])]


def test_an_import_leaves_what_ended_with_a_link_above_to_the_worker(world: World) -> None:
    above = world.managed(world.owned[:2])
    below = world.given_on(above, world.owned[:1])
    services.revoke(above, by=world.ana.actor, at=clock.now())
    db.session.commit()
    a_holder(OTHER)
    transfer(world.owned[:1], OTHER)
    settle()
    db.session.refresh(below)
    assert below.state is State.REVOKED


def test_the_version_of_everything_rises_with_what_comes_to_the_holder(world: World) -> None:
    world.managed(None)
    (before,) = totals_of(world.manager.id, at=clock.now())
    holdings(ACME, 2)
    (after,) = totals_of(world.manager.id, at=clock.now())
    assert (after.count, before.count) == (6, 4)
    assert after.version > before.version


def test_the_version_rises_when_a_date_comes_and_not_again_when_that_is_recorded(
    world: World,
) -> None:
    at = clock.now()
    world.managed(world.owned[:1])
    world.managed(world.owned[1:2], expires_at=at + HOUR, at=at)

    def seen(hours: float) -> tuple[int, int]:
        (total,) = totals_of(world.manager.id, at=at + hours * HOUR)
        return total.count, total.version

    before, after = seen(0.5), seen(1)
    services.expire_due(at + 2 * HOUR)
    assert (before, after, seen(2)) == ((2, 2), (1, 3), (1, 3))
