"""Chains that change in two places at the same moment: real threads, real commits, many rounds."""

import random
import time

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from idp import clock
from idp.accounts import locking
from idp.accounts.models import Account
from idp.audit.models import AuditEvent
from idp.errors import NotAllowed
from idp.extensions import db
from idp.grants import chain, letters, rules, services
from idp.grants.cancelling import cancel_all_of
from idp.grants.effective import access_of, totals_of
from idp.grants.errors import InstallationsNotHeld, NoInstallations, NothingAbove
from idp.grants.models import Extent, Grant, GrantInstallation, Level, Relation, State
from idp.grants.scope import Scope
from idp.invitations import services as invitations
from idp.invitations.errors import InvitationUnavailable
from idp.registry.importing import import_rows
from idp.registry.models import Installation
from tests.factories.accounts import an_account
from tests.factories.invitations import an_invitation
from tests.factories.registry import a_holder, holdings
from tests.grants.company import ACME, STAFF, World
from tests.grants.test_import import moved
from tests.together import Step, context, in_transactions

__all__ = ["context"]  # a fixture

ROUNDS = 8
OTHER = "br:cpf:11144477735"


def jittered(step: Step) -> Step:
    """A little later, now and then: not always the same one is first."""

    def run() -> object:
        time.sleep(random.random() * 0.004)  # noqa: S311 - nothing to keep secret
        return step()

    return run


def both(app: Flask, *steps: Step) -> list[object]:
    """What each came to, in no order."""
    return in_transactions(app, *map(jittered, steps))


def giving_on(
    above: Grant, to: Account, installations: list[Installation] | None, level: Level = Level.FULL
) -> Step:
    """The grantee of `above` lets `to` act on these (None: everything)."""
    parent_id, to_id = above.id, to.id
    ids = [each.id for each in installations or ()]
    extent = Extent.EVERYTHING if installations is None else Extent.CHOSEN

    def step() -> object:
        parent = db.session.get_one(Grant, parent_id)
        return services.issue(
            Scope(parent.holder_tax_id, Relation.COLLABORATOR, level, extent, parent=parent),
            granted_by=parent.grantee,
            to=db.session.get_one(Account, to_id),
            installation_ids=ids,
            at=clock.now(),
        ).public_id

    return step


def revoking(grant: Grant, by: Account) -> Step:
    name, actor = grant.public_id, by.actor

    def step() -> object:
        services.revoke(services.get_locked(name), by=actor, at=clock.now())
        return "revoked"

    return step


def narrowing(grant: Grant, by: Account, *installations: Installation) -> Step:
    name, actor, ids = grant.public_id, by.actor, [each.id for each in installations]

    def step() -> object:
        locked = services.get_locked(name)
        services.revoke_installations(locked, ids, by=actor, at=clock.now())
        return "narrowed"

    return step


def lowering(grant: Grant, by: Account) -> Step:
    name, actor = grant.public_id, by.actor

    def step() -> object:
        locked = services.get_locked(name)
        services.change_level(locked, Level.READ_ONLY, by=actor, at=clock.now())
        return "lowered"

    return step


def importing(*installations: Installation, to: str = OTHER) -> Step:
    """They change holder, by the real import."""
    rows = [moved(each, to, "Rita Lima") for each in installations]

    def step() -> object:
        counts = import_rows(
            enumerate(rows, start=2), report=lambda _line, _problem: None, at=clock.now()
        )
        return counts.transferred

    return step


def locking_out(account: Account) -> Step:
    account_id = account.id

    def step() -> object:
        person = db.session.get_one(Account, account_id)
        assert locking.lock(person, by=STAFF, at=clock.now(), reason="test")
        return cancel_all_of(person, by=STAFF, at=clock.now(), reason="test")

    return step


def accepting(world: World, above: Grant, to: Account, owned: list[Installation]) -> Step:
    """`to` accepts what the grantee of `above` offers."""
    invitation = an_invitation(
        world.manager,
        owned,
        holder_tax_id=ACME,
        guest_tax_id=to.tax_id,
        guest_name=to.name,
        guest_email=to.email,
        relation=Relation.COLLABORATOR,
        parent_id=above.id,
    )
    public_id, guest_id = invitation.public_id, to.id

    def step() -> object:
        guest = db.session.get_one(Account, guest_id)
        (grant,) = invitations.accept(public_id, guest=guest, locale="en", at=clock.now())
        return grant.public_id

    return step


def settle() -> None:
    while services.settle_below(clock.now()):
        db.session.commit()
    db.session.commit()


def sees(account: Account) -> set[str]:
    found = access_of(account.id, account.tax_id, at=clock.now(), limit=1000)
    return {code for access in found for code in access.installations}


def check_books() -> None:
    """Counters say what the rows say, and nothing that stands covers more than the link above."""
    for grant in db.session.scalars(select(Grant)):
        links = chain.links_of(grant)
        if not rules.stands(links, clock.now()):
            continue
        rows = db.session.execute(
            select(GrantInstallation, Installation)
            .join(Installation)
            .where(GrantInstallation.grant_id == grant.id)
        ).all()
        live = [i for row, i in rows if row.ended_at is None]
        assert all(each.holder_tax_id == grant.holder_tax_id for each in live)
        ended = [
            i
            for row, i in rows
            if row.ended_at is not None and i.holder_tax_id == grant.holder_tax_id
        ]
        if grant.extent is Extent.CHOSEN:
            assert grant.installation_count == len(live) > 0
        else:
            assert grant.excepted_count == len(ended)
        found = access_of(grant.grantee_id, grant.grantee.tax_id, at=clock.now(), limit=1000)
        mine = next((a for a in found if a.grant_id == grant.public_id), None)
        covered = set(mine.installations) if mine else set()
        assert letters.count_of(grant) == len(covered)
        if grant.parent_id:
            assert covered <= sees(links[-2].grantee)
    for account in db.session.scalars(select(Account)):
        for total in totals_of(account.id, at=clock.now()):
            accesses = access_of(account.id, account.tax_id, at=clock.now(), limit=1000)
            relation = [a for a in accesses if a.relation is total.relation]
            assert total.count == sum(a.count for a in relation)


def test_what_is_given_on_while_the_link_above_is_revoked_never_stands(context: Flask) -> None:
    world = World()
    for number in range(ROUNDS):
        above = world.managed(None if number % 2 else world.owned)
        given, _revoked = both(
            context,
            giving_on(above, world.carla, None if number % 3 else world.owned[:1]),
            revoking(above, world.ana),
        )
        above = db.session.get_one(Grant, above.id)
        assert sees(world.carla) == set()
        assert above.unsettled_below is isinstance(given, str)
        assert isinstance(given, str | NothingAbove)
        settle()
        active = select(func.count()).select_from(Grant).where(Grant.parent_id == above.id)
        assert db.session.scalar(active.where(Grant.state == State.ACTIVE)) == 0


def test_a_third_link_given_while_the_first_is_revoked_never_stands(context: Flask) -> None:
    world = World()
    for _round in range(ROUNDS):
        above = world.managed(None)
        second = world.given_on(above, None, relation=Relation.MANAGER)
        given, _revoked = both(
            context,
            giving_on(second, world.davi, None, Level.READ_ONLY),
            revoking(above, world.ana),
        )
        assert isinstance(given, str | NothingAbove)
        assert sees(world.davi) == set()
        settle()
        assert set(db.session.scalars(select(Grant.state).where(Grant.parent_id.is_not(None)))) == {
            State.REVOKED
        }


def test_what_is_accepted_while_the_link_above_is_revoked_never_stands(context: Flask) -> None:
    world = World()
    for _round in range(ROUNDS):
        above = world.managed(None)
        accepted, _revoked = both(
            context,
            accepting(world, above, world.carla, world.owned[:2]),
            revoking(above, world.ana),
        )
        assert isinstance(accepted, str | NothingAbove | InvitationUnavailable), accepted
        assert sees(world.carla) == set()
        settle()
        check_books()


@pytest.mark.parametrize("everything", [True, False])
def test_what_changes_holder_while_it_is_given_on_is_covered_by_nobody(
    context: Flask, everything: bool
) -> None:
    world = World()
    an_account(OTHER, "Rita Lima", "rita@example.com")
    a_holder(OTHER, "Rita Lima")
    for _round in range(ROUNDS):
        owned = holdings(ACME, 4)
        above = world.managed(owned)
        given, count = both(
            context,
            giving_on(above, world.carla, None if everything else owned[:2]),
            importing(*owned[1:3]),
        )
        assert count == 2
        assert isinstance(given, str | InstallationsNotHeld)
        assert not {each.code for each in owned[1:3]} & (sees(world.carla) | sees(world.manager))
        check_books()


def test_all_that_changes_holder_while_it_is_given_on_leaves_nothing(context: Flask) -> None:
    world = World()
    a_holder(OTHER, "Rita Lima")
    for _round in range(ROUNDS):
        owned = holdings(ACME, 2)
        above = world.managed(owned)
        given, _count = both(context, giving_on(above, world.carla, None), importing(*owned))
        assert isinstance(given, str | NothingAbove | NoInstallations)
        assert sees(world.carla) == sees(world.manager) == set()
        assert db.session.get_one(Grant, above.id).state is State.ENDED
        settle()
        assert db.session.scalar(select(func.count()).where(Grant.state == State.ACTIVE)) == 1


def test_what_changes_holder_while_it_is_accepted_is_covered_by_nobody(context: Flask) -> None:
    world = World()
    a_holder(OTHER, "Rita Lima")
    for _round in range(ROUNDS):
        owned = holdings(ACME, 3)
        above = world.managed(owned)
        accepted, count = both(
            context, accepting(world, above, world.carla, owned), importing(*owned[:2])
        )
        assert (isinstance(accepted, str), count) == (True, 2)
        assert not {each.code for each in owned[:2]} & sees(world.carla)
        check_books()


def test_what_is_excepted_while_it_changes_holder_does_not_come_back_unless_it_came_too_late(
    context: Flask,
) -> None:
    world = World()
    a_holder(OTHER, "Rita Lima")
    above = world.managed(None)
    below = world.given_on(above, None)
    for number in range(ROUNDS):
        owned = holdings(ACME, 2)
        grant, by = (above, world.ana) if number % 2 else (below, world.manager)
        both(context, narrowing(grant, by, *owned), importing(*owned[:1]))
        check_books()
        both(context, importing(owned[0], to=str(ACME)))
        rows = select(GrantInstallation).where(GrantInstallation.installation_id == owned[0].id)
        came_first = db.session.scalar(rows) is not None
        assert (owned[0].code in sees(world.carla)) is not came_first
        assert owned[1].code not in sees(world.carla)
        check_books()


def test_what_is_taken_from_above_while_it_is_given_on_is_not_given(context: Flask) -> None:
    world = World()
    for number in range(ROUNDS):
        above = world.managed(None if number % 2 else world.owned)
        given, _narrowed = both(
            context,
            giving_on(above, world.carla, None if number % 3 == 0 else world.owned[:2]),
            narrowing(above, world.ana, world.owned[0]),
        )
        assert isinstance(given, str | InstallationsNotHeld)
        assert world.owned[0].code not in sees(world.carla) | sees(world.manager)
        check_books()
        services.revoke(db.session.get_one(Grant, above.id), by=STAFF, at=clock.now())
        db.session.commit()


def test_taking_at_two_links_of_a_chain_at_once_counts_right(context: Flask) -> None:
    world = World()
    for number in range(ROUNDS):
        owned = None if number % 2 else world.owned
        above = world.managed(owned)
        below = world.given_on(above, owned)
        both(
            context,
            narrowing(above, world.ana, *world.owned[:2]),
            narrowing(below, world.manager, *world.owned[1:3]),
            narrowing(above, world.ana, world.owned[1]),
        )
        assert sees(world.carla) == {world.owned[3].code}
        check_books()
        services.revoke(db.session.get_one(Grant, above.id), by=STAFF, at=clock.now())
        db.session.commit()


@pytest.mark.parametrize("who", ["manager", "carla", "ana"])
def test_nothing_given_on_by_or_to_somebody_locked_at_that_moment_stands(
    context: Flask, who: str
) -> None:
    world = World()
    for _round in range(ROUNDS):
        above = world.managed(None)
        target: Account = getattr(world, who)
        given, _count = both(context, giving_on(above, world.carla, None), locking_out(target))
        assert isinstance(given, str | NothingAbove | NotAllowed)
        assert sees(world.carla) == set()
        settle()
        below = db.session.scalars(select(Grant.state).where(Grant.parent_id == above.id)).all()
        assert set(below) <= {State.CANCELLED}
        db.session.execute(text("UPDATE accounts SET locked_at = NULL"))
        db.session.execute(
            text(
                "UPDATE grants SET state = 'revoked' WHERE state = 'active'"
                " AND relation <> 'representative'"
            )
        )
        db.session.execute(
            text(
                "UPDATE grants SET state = 'active', ended_at = NULL"
                " WHERE relation = 'representative'"
            )
        )
        db.session.commit()


def test_of_several_workers_each_end_is_told_once(context: Flask) -> None:
    world = World()
    above = world.managed(None)
    below = [world.given_on(above, None) for _number in range(12)]
    services.revoke(above, by=world.ana.actor, at=clock.now())
    db.session.commit()
    steps: list[Step] = [lambda: services.settle_below(clock.now(), limit=5)] * 3
    both(context, *steps, *[revoking(each, world.manager) for each in below[:3]])
    settle()
    for each in below:
        events = select(AuditEvent.event).where(AuditEvent.grant == each.public_id)
        assert sorted(db.session.scalars(events)) == ["grant.issued", "grant.revoked"]


def test_a_level_lowered_while_more_is_given_on_holds_for_it(context: Flask) -> None:
    world = World()
    for _round in range(ROUNDS):
        above = world.managed(None)
        both(context, giving_on(above, world.carla, None), lowering(above, world.ana))
        found = access_of(world.carla.id, world.carla.tax_id, at=clock.now(), limit=50)
        assert all(access.level is Level.READ_ONLY for access in found)
        services.revoke(db.session.get_one(Grant, above.id), by=STAFF, at=clock.now())
        db.session.commit()
