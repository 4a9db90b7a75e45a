"""Effective access against a model so simple that it is plainly right, over random histories."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from idp import clock
from idp.accounts.models import Account
from idp.audit import SYSTEM
from idp.extensions import db
from idp.grants import services
from idp.grants.cancelling import cancel_all_of
from idp.grants.claims import to_claim
from idp.grants.effective import access_filtered, access_of, may, still_effective
from idp.grants.models import Grant, Level, State
from idp.registry.models import Installation
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant
from tests.factories.registry import a_holder, holdings
from tests.grants.transferring import transfer

PEOPLE = ("52998224725", "39053344705", "11144477735")
PERSON = st.integers(0, 2)
CHOICE = st.sets(st.integers(0, 5), min_size=1)
HOUR = timedelta(hours=1)


@dataclass
class Given:
    """A grant as the model knows it."""

    grant: Grant
    by: int
    to: int
    level: Level
    live: set[int]
    expires_at: datetime | None
    state: State = State.ACTIVE


@dataclass
class World:
    """Who holds what, who is locked, what was given."""

    held_by: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 1, 2])
    locked: set[int] = field(default_factory=set)
    given: list[Given] = field(default_factory=list)

    def is_active(self, given: Given, at: datetime) -> bool:
        return given.state is State.ACTIVE and (given.expires_at is None or at < given.expires_at)

    def sees(self, person: int, at: datetime) -> set[tuple[str | None, int, str]]:
        """Each (grant or own, installation, action) that is allowed."""
        if person in self.locked:
            return set()
        own = {
            (None, number, action)
            for number, holder in enumerate(self.held_by)
            if holder == person
            for action in Level.FULL.actions
        }
        return own | {
            (given.grant.public_id, number, action)
            for given in self.given
            if given.to == person and given.by not in self.locked and self.is_active(given, at)
            for number in given.live
            if self.held_by[number] == given.by
            for action in given.level.actions
        }


class Histories(RuleBasedStateMachine):
    """Every rule does the same to the database and to the model."""

    @initialize()
    def begin(self) -> None:
        for table in ("grant_installations", "grants", "installations", "holders", "accounts"):
            db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own names
        db.session.commit()
        db.session.expunge_all()
        self.world = World()
        self.at = clock.now()
        self.people: list[Account] = [
            an_account(f"br:cpf:{value}", f"Person {value}", f"{value}@example.com")
            for value in PEOPLE
        ]
        self.installations: list[Installation] = []
        for number, holder in enumerate(self.people):
            a_holder(holder.tax_id, holder.name)
            owned = self.world.held_by.count(number)
            self.installations += holdings(holder.tax_id, owned)
        self.numbers = {each.code: number for number, each in enumerate(self.installations)}

    @rule(
        to=PERSON, chosen=CHOICE, level=st.sampled_from(Level), hours=st.none() | st.integers(1, 5)
    )
    def grant(self, to: int, chosen: set[int], level: Level, hours: int | None) -> None:
        by = self.world.held_by[min(chosen)]
        mine = {number for number in chosen if self.world.held_by[number] == by}
        if to == by or {to, by} & self.world.locked:
            return
        expires_at = None if hours is None else self.at + hours * HOUR
        grant = a_grant(
            self.people[by],
            self.people[to],
            [self.installations[number] for number in mine],
            level=level,
            expires_at=expires_at,
            at=self.at,
        )
        self.world.given.append(Given(grant, by, to, level, mine, expires_at))

    @precondition(lambda self: self.world.given)
    @rule(data=st.data(), end=st.sampled_from([State.REVOKED, State.RENOUNCED]))
    def end_whole(self, data: Any, end: State) -> None:
        given = data.draw(st.sampled_from(self.world.given))
        act = services.revoke if end is State.REVOKED else services.renounce
        actor = self.people[given.by if end is State.REVOKED else given.to].actor
        act(given.grant, by=actor, at=self.at)
        self._settle(given, end)

    @precondition(lambda self: self.world.given)
    @rule(data=st.data(), chosen=st.sets(st.integers(0, 5), min_size=1, max_size=2))
    def narrow(self, data: Any, chosen: set[int]) -> None:
        given = data.draw(st.sampled_from(self.world.given))
        ids = [self.installations[number].id for number in chosen]
        services.revoke_installations(given.grant, ids, by=self.people[given.by].actor, at=self.at)
        if not self.world.is_active(given, self.at):
            self._settle(given, State.REVOKED)
            return
        given.live -= chosen
        if not given.live:
            self._settle(given, State.REVOKED)

    @rule(chosen=CHOICE, to=PERSON)
    def change_holder(self, chosen: set[int], to: int) -> None:
        moved = {number for number in chosen if self.world.held_by[number] != to}
        if not moved:
            return
        rows = [self.installations[number] for number in moved]
        transfer(rows, self.people[to].tax_id, at=self.at)
        for number in moved:
            self.world.held_by[number] = to
        for given in self.world.given:
            if self.world.is_active(given, self.at) and given.live & moved:
                given.live -= moved
                if not given.live:
                    self._settle(given, State.ENDED)

    @rule(person=PERSON, cancel=st.booleans())
    def lock_or_unlock(self, person: int, cancel: bool) -> None:
        account = self.people[person]
        if person in self.world.locked:
            account.locked_at = None
            self.world.locked.discard(person)
        else:
            account.locked_at = self.at
            self.world.locked.add(person)
            if cancel:
                cancel_all_of(account, by=SYSTEM, at=self.at)
                for given in self.world.given:
                    if person in (given.by, given.to):
                        self._settle(given, State.CANCELLED)
        db.session.commit()

    @rule(hours=st.integers(1, 3), worker=st.booleans())
    def wait(self, hours: int, worker: bool) -> None:
        self.at += hours * HOUR
        if worker:
            services.expire_due(self.at)
            for given in self.world.given:
                if not self.world.is_active(given, self.at):
                    self._settle(given, State.EXPIRED)

    @invariant()
    def answers_agree_with_the_model(self) -> None:
        if not hasattr(self, "world"):
            return
        for person, account in enumerate(self.people):
            expected = self.world.sees(person, self.at)
            found = access_of(account.id, account.tax_id, at=self.at, limit=50)
            assert self._triples(to_claim(access) for access in found) == expected
            asked = access_filtered(account, at=self.at, installations=list(self.numbers))
            assert self._triples(to_claim(access) for access in asked) == expected
            kept = still_effective(account.id, self._everything_ever(), at=self.at)
            assert self._triples(kept) == expected
            for number, each in enumerate(self.installations):
                for action in ("read", "write"):
                    allowed = any(n == number and a == action for _g, n, a in expected)
                    assert (may(account.id, each.id, action, self.at) is not None) is allowed

    @invariant()
    def records_agree_with_the_model(self) -> None:
        if not hasattr(self, "world"):
            return
        for given in self.world.given:
            db.session.refresh(given.grant)
            assert given.grant.state is given.state
            if given.state is State.ACTIVE:
                assert given.grant.installation_count == len(given.live)

    def _settle(self, given: Given, end: State) -> None:
        if given.state is State.ACTIVE:
            came_due = given.expires_at is not None and given.expires_at <= self.at
            given.state = State.EXPIRED if came_due else end

    def _everything_ever(self) -> list[dict[str, Any]]:
        """A token that claims all that could ever have been granted."""
        codes = list(self.numbers)
        everything = {"type": "installation_access", "actions": ["read", "write"]}
        return [
            {**everything, "holder": str(each.tax_id), "installations": codes}
            for each in self.people
        ] + [
            {
                **everything,
                "holder": str(given.grant.holder_tax_id),
                "installations": codes,
                "grant_id": given.grant.public_id,
            }
            for given in self.world.given
        ]

    def _triples(self, claims: Any) -> set[tuple[str | None, int, str]]:
        return {
            (claim.get("grant_id"), self.numbers[code], action)
            for claim in claims
            for code in claim["installations"]
            for action in claim["actions"]
        }


def test_effective_access_agrees_with_a_naive_model_over_random_histories(app: Flask) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=20,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
