"""What the end of a link means for those below it, on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from idp import clock
from idp.audit import SYSTEM, history_of
from idp.extensions import db
from idp.grants import chain, rules, services
from idp.grants.cancelling import cancel_all_of
from idp.grants.effective import may, totals_of
from idp.grants.errors import (
    NothingAbove,
)
from idp.grants.models import Grant, Level, Relation, State
from idp.mail.models import Mail
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant
from tests.grants.company import (
    HOUR,
    STAFF,
    World,
    codes_of,
    last_event,
    names,
    rows_below,
    settle,
)


@pytest.fixture
def world(app: Flask) -> World:
    return World()


ENDS: dict[str, Callable[[World, Grant], None]] = {
    "revoked by the company": (lambda w, g: services.revoke(g, by=w.ana.actor, at=clock.now())),
    "revoked by staff": (lambda _w, g: services.revoke(g, by=STAFF, at=clock.now())),
    "renounced": (lambda w, g: services.renounce(g, by=w.manager.actor, at=clock.now())),
}
BELOW = {"renounced": State.REVOKED}


@pytest.mark.parametrize("how", list(ENDS))
def test_the_end_of_a_manager_ends_all_below_at_once_without_touching_it(
    world: World, how: str
) -> None:
    above = world.managed(None)
    second = world.given_on(above, world.owned[:2], relation=Relation.MANAGER)
    third = a_grant(
        world.carla, world.davi, world.owned[:1], relation=Relation.COLLABORATOR, parent=second
    )
    before = [rows_below(second), rows_below(third)]
    ENDS[how](world, above)
    db.session.commit()
    at = clock.now()
    for account in (world.manager, world.carla, world.davi):
        assert codes_of(account) == []
        assert may(account.id, world.owned[0].id, "read", at) is None
        assert totals_of(account.id, at=at) == []
    assert [rows_below(second), rows_below(third)] == before
    assert above.unsettled_below
    for link in (second, third):
        assert link.state is State.ACTIVE
        shown = rules.shown_state(chain.links_of(link), at)
        assert shown is State.REVOKED
    with pytest.raises(NothingAbove):
        world.given_on(above, None, to=world.davi)


@pytest.mark.parametrize("how", list(ENDS))
def test_the_worker_records_what_ended_with_a_link_above_and_tells_both(
    world: World, how: str
) -> None:
    above = world.managed(None)
    second = world.given_on(above, world.owned[:2], relation=Relation.MANAGER)
    third = a_grant(
        world.carla, world.davi, world.owned[:1], relation=Relation.COLLABORATOR, parent=second
    )
    ENDS[how](world, above)
    db.session.commit()
    db.session.execute(text("DELETE FROM mails"))
    settle()
    for link in (second, third):
        assert (link.state, link.ended_at) == (BELOW.get(how, above.state), above.ended_at)
        assert last_event(link) == "grant.revoked"
        assert history_of("grant", link.public_id)[0].actor == str(SYSTEM)
    assert not any(link.unsettled_below for link in (above, second, third))
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [(m.recipient_address, m.context["audience"], m.context["cause"]) for m in mails] == [
        ("joao@example.com", "giver", "above"),
        ("carla@example.com", "grantee", "above"),
        ("carla@example.com", "giver", "above"),
        ("davi@example.com", "grantee", "above"),
    ]
    assert [mail.context["count"] for mail in mails] == [2, 2, 1, 1]
    assert services.settle_below(clock.now()) == 0


def test_the_worker_settles_in_portions(world: World) -> None:
    above = world.managed(None)
    people = [
        an_account(f"pt:passport:{value}", f"Person {value}", f"{value}@example.com")
        for value in ("ABC123", "ABC124", "ABC125")
    ]
    below = [world.given_on(above, None, to=person) for person in people]
    services.revoke(above, by=world.ana.actor, at=clock.now())
    assert services.settle_below(clock.now(), limit=2) == 2
    assert [link.state for link in below] == [State.REVOKED, State.REVOKED, State.ACTIVE]
    assert above.unsettled_below
    assert services.settle_below(clock.now(), limit=2) == 1
    assert services.settle_below(clock.now(), limit=2) == 0


def test_a_manager_whose_date_comes_takes_those_below_along_to_the_microsecond(
    world: World,
) -> None:
    at = clock.now()
    above = world.managed(None, expires_at=at + HOUR, at=at)
    below = world.given_on(above, None, expires_at=at + HOUR, at=at)
    just_before = at + HOUR - timedelta(microseconds=1)
    assert may(world.carla.id, world.owned[0].id, "read", just_before) is not None
    assert may(world.carla.id, world.owned[0].id, "read", at + HOUR) is None
    assert services.expire_due(at + 2 * HOUR) == 2
    assert [above.state, below.state] == [State.EXPIRED, State.EXPIRED]
    assert below.ended_at == at + HOUR


def test_the_first_end_counts_whatever_is_recorded_first(world: World) -> None:
    at = clock.now()
    above = world.managed(None)
    below = world.given_on(above, None, expires_at=at + 2 * HOUR, at=at)
    services.revoke(above, by=world.ana.actor, at=at + HOUR)
    assert services.expire_due(at + 3 * HOUR) == 1
    assert (below.state, below.ended_at) == (State.REVOKED, at + HOUR)


def test_who_comes_after_the_end_above_changes_nothing_of_it(world: World) -> None:
    at = clock.now()
    acts: tuple[Callable[[Grant], None], ...] = (
        lambda grant: services.renounce(grant, by=world.carla.actor, at=at + HOUR),
        lambda grant: services.revoke(grant, by=world.ana.actor, at=at + HOUR),
        lambda grant: services.revoke(grant, by=world.manager.actor, at=at + HOUR),
        lambda grant: services.revoke_installations(
            grant, [world.owned[0].id], by=world.manager.actor, at=at + HOUR
        ),
    )
    for act in acts:
        above = world.managed(world.owned, at=at)
        below = world.given_on(above, world.owned, at=at)
        cancel_all_of(world.manager, by=STAFF, at=at)
        db.session.execute(
            text("UPDATE grants SET state = 'active', ended_at = NULL WHERE id = :id"),
            {"id": below.id},
        )
        db.session.commit()
        db.session.refresh(below)
        act(below)
        assert (below.state, below.ended_at) == (State.CANCELLED, at)
        assert below.installation_count == len(world.owned)


def test_a_level_is_not_changed_below_an_end(world: World) -> None:
    above = world.managed(None)
    below = world.given_on(above, None)
    services.revoke(above, by=world.ana.actor, at=clock.now())
    services.change_level(below, Level.FULL, by=world.manager.actor, at=clock.now())
    assert below.level is Level.READ_ONLY


def test_a_locked_manager_can_do_nothing_and_neither_can_those_below(world: World) -> None:
    above = world.managed(None)
    world.given_on(above, None)
    world.manager.locked_at = clock.now()
    db.session.commit()
    assert codes_of(world.carla) == codes_of(world.manager) == []
    world.manager.locked_at = None
    db.session.commit()
    assert codes_of(world.carla) == [names(world.owned)]
    cancel_all_of(world.manager, by=STAFF, at=clock.now(), reason="fraud")
    settle()
    (below,) = db.session.scalars(chain.below(above))
    assert (above.state, below.state) == (State.CANCELLED, State.CANCELLED)
