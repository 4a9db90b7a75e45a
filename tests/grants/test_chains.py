"""Giving on, on PostgreSQL: what is given below a link, and who is what to it."""

from typing import Any

import pytest
from flask import Flask

from idp import clock
from idp.accounts.models import Assurance
from idp.audit import SYSTEM, Actor
from idp.errors import DomainError, NotAllowed
from idp.extensions import db
from idp.grants import acting, chain, parts, services
from idp.grants.effective import access_of
from idp.grants.errors import (
    ChainTooLong,
    GrantToOneself,
    InstallationsNotHeld,
    LongerThanAbove,
    NoInstallations,
    WiderThanAbove,
)
from idp.grants.models import Extent, Level, Relation, State
from idp.grants.rules import Act, Part
from idp.grants.scope import Scope
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings
from tests.grants.company import ACME, HOUR, OTHER, STAFF, World, codes_of, names
from tests.grants.transferring import transfer


@pytest.fixture
def world(app: Flask) -> World:
    return World()


def test_a_link_below_knows_its_chain_and_covers_only_what_was_chosen(world: World) -> None:
    above = world.managed(world.owned[:3])
    grant = world.given_on(above, world.owned[1:2])
    assert (grant.parent_id, grant.ancestors) == (above.id, [above.id])
    assert (grant.holder_tax_id, grant.level, grant.expires_at) == (ACME, Level.READ_ONLY, None)
    assert [link.id for link in chain.links_of(grant)] == [above.id, grant.id]
    assert codes_of(world.carla) == [names(world.owned[1:2])]
    assert codes_of(world.manager) == [names(world.owned[:3])]


def test_a_third_link_lists_both_above_from_the_holder_down(world: World) -> None:
    above = world.managed(None)
    second = world.given_on(above, None, relation=Relation.MANAGER)
    third = a_grant(
        world.carla, world.davi, world.owned[:1], relation=Relation.COLLABORATOR, parent=second
    )
    (access,) = access_of(world.davi.id, world.davi.tax_id, at=clock.now(), limit=50)
    assert access.grant_chain == (above.public_id, second.public_id, third.public_id)
    assert {each.id for each in db.session.scalars(chain.under(above))} == {second.id, third.id}
    assert [each.id for each in db.session.scalars(chain.below(above))] == [second.id]


def test_everything_under_chosen_installations_is_what_they_are_now(world: World) -> None:
    above = world.managed(world.owned[:2])
    grant = world.given_on(above, None)
    assert (grant.extent, grant.installation_count) == (Extent.CHOSEN, 2)
    holdings(ACME, 1)
    assert codes_of(world.carla) == [names(world.owned[:2])]


def test_everything_under_everything_follows_the_holder(world: World) -> None:
    grant = world.given_on(world.managed(None), None)
    assert (grant.extent, grant.installation_count) == (Extent.EVERYTHING, 0)
    (new,) = holdings(ACME, 1)
    assert codes_of(world.carla) == [names([*world.owned, new])]
    a_holder(OTHER)
    transfer(world.owned[:1], OTHER)
    assert codes_of(world.carla) == [names([*world.owned[1:], new])]


def test_everything_of_what_is_covered_no_more_is_nothing(world: World) -> None:
    above = world.managed(world.owned[:1])
    a_holder(OTHER)
    world.owned[0].holder_tax_id = OTHER  # before the import tells the grants
    db.session.commit()
    with pytest.raises(NoInstallations):
        world.given_on(above, None)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"level": Level.FULL}, WiderThanAbove),
        ({"expires_at": None}, LongerThanAbove),
        ({"expires_at": 3 * HOUR}, LongerThanAbove),
        ({"relation": Relation.DELEGATE}, NotAllowed),
        ({"relation": Relation.REPRESENTATIVE}, NotAllowed),
        ({"relation": Relation.OWNER}, NotAllowed),
        ({"installations": slice(1, 3)}, InstallationsNotHeld),
        ({"installations": slice(3, 4)}, InstallationsNotHeld),
        ({"to": "manager"}, GrantToOneself),
        ({"holder": OTHER}, InstallationsNotHeld),
        ({"by": "carla"}, NotAllowed),
        ({"by": "ana"}, NotAllowed),
    ],
)
def test_nobody_gives_on_more_than_they_have(
    world: World, changes: dict[str, Any], refusal: type[DomainError]
) -> None:
    at = clock.now()
    a_holder(OTHER)
    above = world.managed(world.owned[:2], level=Level.READ_ONLY, expires_at=at + 2 * HOUR, at=at)
    values = {"by": "manager", "to": "davi", "installations": slice(0, 1), **changes}
    end = values.pop("expires_at", HOUR)
    with pytest.raises(refusal):
        a_grant(
            getattr(world, values.pop("by")),
            getattr(world, values.pop("to")),
            world.owned[values.pop("installations")],
            parent=above,
            expires_at=None if end is None else at + end,
            at=at,
            **{"relation": Relation.COLLABORATOR, **values},
        )
    db.session.rollback()
    assert list(db.session.scalars(chain.below(above))) == []


def test_everything_is_not_given_on_for_another_holder(world: World) -> None:
    """The installations of a holder that the chain says nothing about."""
    a_holder(OTHER)
    holdings(OTHER, 1)
    with pytest.raises(NotAllowed):
        world.given_on(world.managed(None), None, holder=OTHER)


def test_everything_names_no_installations(world: World) -> None:
    grant = services.issue(
        Scope(ACME, Relation.MANAGER, Level.FULL, Extent.EVERYTHING),
        granted_by=world.ana,
        to=world.manager,
        installation_ids=[world.owned[0].id],
        at=clock.now(),
    )
    assert grant.installation_count == 0
    assert codes_of(world.manager) == [names(world.owned)]


def test_a_collaborator_and_a_delegate_give_nothing_on(world: World) -> None:
    below = world.given_on(world.managed(None), None)
    delegated = a_grant(world.ana, world.davi, None, holder=ACME)
    for parent, giver, to in (
        (below, world.carla, world.davi),
        (delegated, world.davi, world.carla),
    ):
        for relation in (Relation.COLLABORATOR, Relation.MANAGER, Relation.DELEGATE):
            with pytest.raises(NotAllowed):
                a_grant(giver, to, None, relation=relation, parent=parent)


def test_the_profile_says_how_long_a_chain_may_be(
    world: World, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    above = world.managed(None)
    monkeypatch.setitem(app.config, "DELEGATION_DEPTH", 2)
    second = world.given_on(above, None, relation=Relation.MANAGER)
    with pytest.raises(ChainTooLong):
        a_grant(world.carla, world.davi, None, relation=Relation.COLLABORATOR, parent=second)


def test_somebody_in_the_chain_already_is_not_given_the_same_again(world: World) -> None:
    second = world.given_on(world.managed(None), None, relation=Relation.MANAGER)
    with pytest.raises(GrantToOneself):
        a_grant(world.carla, world.manager, None, relation=Relation.COLLABORATOR, parent=second)


@pytest.mark.parametrize("which", ["manager", "collaborator", "holder"])
def test_nothing_is_given_on_by_or_to_somebody_locked(world: World, which: str) -> None:
    above = world.managed(None)
    locked = {"manager": world.manager, "collaborator": world.carla, "holder": world.ana}[which]
    locked.locked_at = clock.now()
    db.session.commit()
    if which == "holder":  # it comes into being, and is good for nothing
        world.given_on(above, None)
        assert codes_of(world.carla) == []
    else:
        with pytest.raises(NotAllowed):
            world.given_on(above, None)


def test_everybodys_part_in_a_link_below(world: World) -> None:
    above = world.managed(None)
    second = world.given_on(above, None, relation=Relation.MANAGER)
    third = a_grant(world.carla, world.davi, None, relation=Relation.COLLABORATOR, parent=second)
    other = an_account("br:cpf:11144477735", "Rita Lima", "rita@example.com")
    at = clock.now()
    expected = {
        world.ana.actor: Part.HOLDER,
        world.manager.actor: Part.ABOVE,
        world.carla.actor: Part.ABOVE,
        world.davi.actor: Part.COLLABORATOR,
        other.actor: Part.STRANGER,
        STAFF: Part.STAFF,
        SYSTEM: Part.SYSTEM,
        Actor("client", "portal"): Part.STRANGER,
        Actor("account", "a_nobody"): Part.STRANGER,
    }
    assert {actor: parts.part_of(actor, third, at) for actor in expected} == expected
    assert parts.part_of(world.manager.actor, above, at) is Part.MANAGER
    assert parts.part_of(world.carla.actor, above, at) is Part.STRANGER
    assert parts.part_of(world.ana.actor, world.representation, at) is Part.REPRESENTATIVE
    assert not parts.may(world.davi.actor, Act.REVOKE, third, at)
    assert parts.may(world.manager.actor, Act.REVOKE, third, at)


def test_representatives_of_a_company_are_fellows_and_the_owner_governs_alone(
    world: World,
) -> None:
    a_representation(ACME, world.davi)
    at = clock.now()
    assert parts.part_of(world.davi.actor, world.representation, at) is Part.FELLOW
    with pytest.raises(NotAllowed):
        services.revoke(world.representation, by=world.davi.actor, at=at)
    assert acting.representatives_of(ACME, at) == [world.ana, world.davi]
    grant = world.managed(None)
    services.revoke(grant, by=world.davi.actor, at=at)
    assert grant.state is State.REVOKED


def test_whoever_no_longer_represents_a_company_governs_nothing_of_it(world: World) -> None:
    grant = world.managed(None)
    services.revoke(world.representation, by=STAFF, at=clock.now())
    db.session.commit()
    at = clock.now()
    assert parts.part_of(world.ana.actor, grant, at) is Part.STRANGER
    with pytest.raises(NotAllowed):
        services.revoke(grant, by=world.ana.actor, at=at)
    with pytest.raises(NotAllowed):
        world.managed(None)
    assert codes_of(world.manager) == [names(world.owned)]


def test_an_account_that_proved_nothing_gives_nothing_and_governs_nothing(app: Flask) -> None:
    world = World()
    person = an_account("br:cpf:11144477735", "Rita", "r@example.com", assurance=Assurance.DECLARED)
    owned = holdings(person.tax_id, 1)
    with pytest.raises(NotAllowed):
        a_grant(person, world.carla, owned)
    assert not acting.acts_for(person, person.tax_id, clock.now())
    assert acting.holders_for(person, clock.now()) == []


def test_any_link_of_a_chain_is_cut_by_the_holder_and_by_those_above_it(world: World) -> None:
    for cutter in (world.ana, world.manager, world.carla):
        above = world.managed(None)
        second = world.given_on(above, None, relation=Relation.MANAGER)
        third = a_grant(
            world.carla, world.davi, None, relation=Relation.COLLABORATOR, parent=second
        )
        services.revoke(third, by=cutter.actor, at=clock.now())
        assert (above.state, second.state, third.state) == (
            State.ACTIVE,
            State.ACTIVE,
            State.REVOKED,
        )
