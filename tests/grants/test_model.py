"""Effective access against a model so simple that it is plainly right, over random histories.

Chains of persons and a company, with representatives, delegates, managers under managers and
collaborators; links that are narrowed, change level, expire or end; installations that change
hands; people who are locked; and attempts that have to be refused.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
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
from sqlalchemy import select, text

from idp import clock
from idp.accounts.models import Account
from idp.audit import SYSTEM
from idp.errors import DomainError
from idp.extensions import db
from idp.grants import chain, letters, rules, services
from idp.grants.cancelling import cancel_all_of
from idp.grants.models import Extent, Grant, Level, Relation, State
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings
from tests.grants.asking import ACTIONS, Asking, allows, said
from tests.grants.naive import DEPTH, GIVES, Link, Reason, World
from tests.grants.transferring import transfer

PEOPLE = ("52998224725", "39053344705", "11144477735", "12345678909", "98765432100")
COMPANY = "br:cnpj:11222333000181"
HOLDINGS = (3, 1, 0, 0, 0)  # of each of the people; the company has three
HOLDERS = (COMPANY, "br:cpf:52998224725", "br:cpf:39053344705")
COUNT = sum(HOLDINGS) + 3

PERSON = st.integers(0, len(PEOPLE) - 1)
HOLDER = st.sampled_from(HOLDERS)
CHOICE = st.sets(st.integers(0, COUNT - 1), min_size=1)
MOSTLY = st.sampled_from([True, True, True, True, False])
HOUR = timedelta(hours=1)


class Histories(RuleBasedStateMachine):
    """Every rule does the same to the database and to the model."""

    @initialize(representative=st.integers(2, 4))
    def begin(self, representative: int) -> None:
        for table in ("grant_installations", "grants", "installations", "holders", "accounts"):
            db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own names
        db.session.commit()
        db.session.expunge_all()
        self.at = clock.now()
        self.people: list[Account] = [
            an_account(f"br:cpf:{value}", f"Person {value}", f"{value}@example.com")
            for value in PEOPLE
        ]
        self.installations: list[Installation] = []
        for account, owned in zip(self.people, HOLDINGS, strict=True):
            a_holder(account.tax_id, account.name)
            self.installations += holdings(account.tax_id, owned)
        a_holder(COMPANY, "Company")
        self.installations += holdings(COMPANY, 3)
        self.numbers = {each.code: number for number, each in enumerate(self.installations)}
        self.world = World(
            [str(account.tax_id) for account in self.people],
            [str(each.holder_tax_id) for each in self.installations],
        )
        self.seen: dict[tuple[int, Relation], tuple[object, int]] = {}
        self.ended: dict[str, State] = {}
        self.turn = 0
        self.represent(COMPANY, representative)
        first, second = (n for n in (2, 3, 4) if n != representative)
        for chosen in (None, {4, 5, 6}):
            link = self._linked(representative, first, None, Relation.MANAGER, chosen)
            link = self._linked(first, second, link, Relation.MANAGER, chosen)
            self._linked(second, 0, link, Relation.COLLABORATOR, chosen)
        self._narrow(self.world.links[1], representative, {6})

    @rule(holder=HOLDER, to=PERSON)
    def represent(self, holder: str, to: int) -> None:
        if to in self.world.locked or self.world.people[to] == holder:
            return
        grant = a_representation(holder, self.people[to], at=self.at)
        self._add(
            Link(
                grant.public_id,
                holder,
                None,
                to,
                None,
                Relation.REPRESENTATIVE,
                Extent.EVERYTHING,
                Level.FULL,
                set(),
                None,
            )
        )

    @rule(
        data=st.data(),
        honest=MOSTLY,
        holder=HOLDER,
        to=PERSON,
        relation=st.sampled_from([Relation.MANAGER, Relation.DELEGATE, Relation.COLLABORATOR]),
        chosen=st.none() | CHOICE,
        level=st.sampled_from(Level),
        hours=st.none() | st.integers(0, 5),
    )
    def give_for_the_holder(
        self,
        *,
        data: Any,
        honest: bool,
        holder: str,
        to: int,
        relation: Relation,
        chosen: set[int] | None,
        level: Level,
        hours: int | None,
    ) -> None:
        acting = [n for n in range(len(PEOPLE)) if self.world.acts_for(n, holder, self.at)]
        by = data.draw(st.sampled_from(acting) if honest and acting else PERSON)
        if honest and chosen is not None:
            chosen = chosen & self.world.held(holder) or self.world.held(holder)
        end = None if hours is None else self.at + hours * HOUR
        new = Link("", holder, by, to, None, relation, Extent.CHOSEN, level, set(), end)
        self._give(new, chosen)

    @precondition(lambda self: self.world.links)
    @rule(
        data=st.data(),
        honest=MOSTLY,
        to=PERSON,
        relation=st.sampled_from([Relation.MANAGER, Relation.COLLABORATOR, Relation.DELEGATE]),
        chosen=st.none() | CHOICE,
        level=st.sampled_from(Level),
        hours=st.none() | st.integers(0, 5),
    )
    def give_on(
        self,
        *,
        data: Any,
        honest: bool,
        to: int,
        relation: Relation,
        chosen: set[int] | None,
        level: Level,
        hours: int | None,
    ) -> None:
        able = [
            link
            for link in self.world.links
            if self.world.is_up(link, self.at) and len(link.chain) < DEPTH and GIVES[link.relation]
        ]
        above = data.draw(st.sampled_from(able if honest and able else self.world.links))
        by, holder = above.to, above.holder
        if honest:
            covered, end = self.world.covers(above), self.world.end_of(above)
            relation = relation if relation in GIVES[above.relation] else Relation.MANAGER
            chosen = None if chosen is None else chosen & covered or covered
            level = min(level, self.world.level_of(above), key=lambda each: each is Level.FULL)
            left = None if end is None else int((end - self.at) / HOUR)
            hours = left if hours is None or left is None else min(hours, left)
        elif data.draw(st.booleans()):
            by, holder = data.draw(st.sampled_from([by]) | PERSON), data.draw(HOLDER)
        end = None if hours is None else self.at + hours * HOUR
        new = Link("", holder, by, to, above, relation, Extent.CHOSEN, level, set(), end)
        self._give(new, chosen)

    def _linked(
        self, by: int, to: int, above: Link | None, relation: Relation, chosen: set[int] | None
    ) -> Link:
        new = Link("", COMPANY, by, to, above, relation, Extent.CHOSEN, Level.FULL, set(), None)
        self._give(new, chosen)
        return new

    def _give(self, new: Link, chosen: set[int] | None) -> None:
        new.extent = Extent.EVERYTHING if chosen is None else Extent.CHOSEN
        new.rows, above, by = set(chosen or ()), new.above, new.by
        assert by is not None
        asked = None if chosen is None else [self.installations[n] for n in sorted(chosen)]
        try:
            grant = a_grant(
                self.people[by],
                self.people[new.to],
                asked,
                level=new.level,
                holder=TaxId.parse_canonical(new.holder),
                relation=new.relation,
                parent=self._grant(above) if above else None,
                expires_at=new.expires_at,
                at=self.at,
            )
        except DomainError:
            db.session.rollback()
            assert self.world.must_refuse(new, self.at)
            return
        assert not self.world.must_refuse(new, self.at)
        if above is not None and above.extent is Extent.CHOSEN and chosen is None:
            new.extent, new.rows = Extent.CHOSEN, self.world.covers(above)
        new.public_id = grant.public_id
        self._add(new)

    @precondition(lambda self: self.world.links)
    @rule(data=st.data(), honest=MOSTLY, person=PERSON, renounces=st.booleans())
    def end_whole(self, data: Any, honest: bool, person: int, renounces: bool) -> None:
        link = data.draw(st.sampled_from(self.world.links))
        if honest:
            person = link.to if renounces or link.by is None else link.by
        act = services.renounce if renounces else services.revoke
        may = person == link.to if renounces else self.world.governs(person, link, self.at)
        actor, grant = self.people[person].actor, self._grant(link)
        if self._attempt(lambda: act(grant, by=actor, at=self.at)):
            assert may
            self.world.end(link, State.RENOUNCED if renounces else State.REVOKED, self.at)
        else:
            assert not may

    @precondition(lambda self: self.world.links)
    @rule(data=st.data(), honest=MOSTLY, person=PERSON, chosen=CHOICE)
    def narrow(self, data: Any, honest: bool, person: int, chosen: set[int]) -> None:
        link = data.draw(st.sampled_from(self.world.links))
        if honest and link.by is not None:
            person = link.by
        self._narrow(link, person, chosen)

    def _narrow(self, link: Link, person: int, chosen: set[int]) -> None:
        may = self.world.governs(person, link, self.at)
        may = may and link.relation is not Relation.REPRESENTATIVE
        actor, grant = self.people[person].actor, self._grant(link)
        ids = [self.installations[number].id for number in sorted(chosen)]
        if self._attempt(lambda: services.revoke_installations(grant, ids, by=actor, at=self.at)):
            assert may
            self.world.narrow(link, chosen, self.at)
        else:
            assert not may

    @precondition(lambda self: self.world.links)
    @rule(data=st.data(), honest=MOSTLY, person=PERSON, level=st.sampled_from(Level))
    def change_level(self, data: Any, honest: bool, person: int, level: Level) -> None:
        link = data.draw(st.sampled_from(self.world.links))
        if honest and link.by is not None:
            person = link.by
        is_up = self.world.is_up(link, self.at)
        above = self.world.level_of(link.above) if link.above else Level.FULL
        wider = is_up and level is not link.level and level is Level.FULL and above is not level
        may = self.world.governs(person, link, self.at) and not wider
        may = may and link.relation is not Relation.REPRESENTATIVE
        actor, grant = self.people[person].actor, self._grant(link)
        if self._attempt(lambda: services.change_level(grant, level, by=actor, at=self.at)):
            assert may
            link.level = level if is_up else link.level
        else:
            assert not may

    @rule(chosen=CHOICE, to=st.sampled_from([*HOLDERS, "br:cpf:11144477735"]))
    def change_holder(self, chosen: set[int], to: str) -> None:
        moved = {number for number in chosen if self.world.held_by[number] != to}
        if not moved:
            return
        rows = [self.installations[number] for number in sorted(moved)]
        transfer(rows, TaxId.parse_canonical(to), at=self.at)
        self.world.transfer(moved, to, self.at)

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
                for link in self.world.links:
                    if person in (link.by, link.to):
                        self.world.end(link, State.CANCELLED, self.at)
        db.session.commit()
        self.seen.clear()  # a lock is no change of what was given

    @rule(hours=st.integers(0, 3), expires=st.booleans(), settles=st.booleans())
    def wait(self, hours: int, expires: bool, settles: bool) -> None:
        self.at += hours * HOUR
        if expires:
            services.expire_due(self.at)
            self.world.expire(self.at)
        if settles:
            while services.settle_below(self.at, limit=2):
                pass
            self.world.settle(self.at)
        db.session.commit()

    @invariant()
    def what_people_may_do_agrees(self) -> None:
        asking = self._asking()
        everything = self._everything_ever()
        given = {}
        for person in range(len(PEOPLE)):
            expected = self.world.reasons(person, self.at)
            all_said = [said(each, each.numbers) for each in expected]
            found = asking.access_of(person)
            given.update({each.grant_id: each for each in found if each.grant_id})
            assert [asking.said(each) for each in found] == all_said
            asked = asking.filtered(person, installations=list(asking.numbers))
            assert [asking.said(each) for each in asked] == all_said
            kept = asking.still(person, everything)
            assert kept == asking.claims_of(found)
            assert asking.holders(person) == {each.holder for each in expected}
            assert asking.listed(person) == {
                each.name: (len(each.numbers), kept_order(asking, each)) for each in expected
            }
        for link in self.world.links:
            if link.above is not None and link.public_id in given:
                mine, parent = given[link.public_id], given[link.above.public_id]
                assert set(mine.installations) <= set(parent.installations)
                assert set(mine.actions) <= set(parent.actions)
                assert parent.expires_at is None or (mine.expires_at or self.at) <= (
                    parent.expires_at
                )

    @invariant()
    def what_installations_allow_agrees(self) -> None:
        asking = self._asking()
        expected = {p: self.world.reasons(p, self.at) for p in range(len(PEOPLE))}
        asked = [(p, n, a) for p in expected for n in range(COUNT) for a in ACTIONS]
        decisions = asking.decisions(asked)
        for (person, number, action), decision in zip(asked, decisions, strict=True):
            mine = [each for each in expected[person] if number in each.numbers]
            first = next((each for each in mine if allows(each.level, action)), None)
            assert decision.permitted is (first is not None)
            if first is not None:
                context = decision.as_json()["context"]
                assert context.get("grant_id") == first.name
                assert context.get("grant_chain", []) == list(first.chain)
            if action == "read" and person == self.turn % len(PEOPLE):
                assert asking.reasons(person, number) == [said(each, [number]) for each in mine]
        for number in range(COUNT):
            for action in ACTIONS:
                assert asking.subjects(number, action) == {
                    self.world.people[p]
                    for p, reasons in expected.items()
                    if any(number in e.numbers and allows(e.level, action) for e in reasons)
                }
        number = self.turn % COUNT
        assert asking.shared(number) == {
            link.public_id
            for link in self.world.links
            if self.world.is_up(link, self.at) and number in self.world.covers(link)
        }

    @invariant()
    def searches_agree(self) -> None:
        """Of another person after each step."""
        self.turn += 1
        asking, person = self._asking(), self.turn % len(PEOPLE)
        expected = self.world.reasons(person, self.at)
        for action in ACTIONS:
            serving = [each for each in expected if allows(each.level, action)]
            found = asking.resources(person, action, limit=3)
            assert sorted(found) == sorted(set().union(*(each.numbers for each in serving)))
            assert counts(asking.totals(person, actions=[action])) == counted(serving)
        for holder in HOLDERS:
            totals = asking.totals(person, holder=TaxId.parse_canonical(holder))
            assert counts(totals) == counted([e for e in expected if e.holder == holder])

    @invariant()
    def counts_agree(self) -> None:
        asking = self._asking()
        for person in range(len(PEOPLE)):
            expected = self.world.reasons(person, self.at)
            totals = asking.totals(person)
            assert counts(totals) == counted(expected)
            sets = [{"type": "installation_set", "relation": each.value} for each in Relation]
            assert asking.still(person, sets) == [
                {**each, "count": total.count, "version": total.version}
                for each in sets
                if (total := totals.get(Relation(each["relation"])))
            ]
            for relation, total in totals.items():
                view = frozenset(said(e, e.numbers) for e in expected if e.relation is relation)
                before, version = self.seen.get((person, relation), (view, total.version))
                assert total.version > version or (before, version) == (view, total.version)
                self.seen[person, relation] = (view, total.version)

    @invariant()
    def records_agree(self) -> None:
        found = select(Grant).options(*chain.PARTIES).execution_options(populate_existing=True)
        grants = {each.public_id: each for each in db.session.scalars(found)}
        links_of = chain.links_of_each(grants.values())
        assert set(grants) == {link.public_id for link in self.world.links}
        for link in self.world.links:
            grant = grants[link.public_id]
            links = links_of[grant.id]
            shown, _when = self.world.state_of(link, self.at)
            assert [each.public_id for each in links] == [each.public_id for each in link.chain]
            assert (grant.state, grant.ended_at) == (link.state, link.ended_at)
            assert rules.shown_state(links, self.at) is shown
            assert self.ended.setdefault(link.public_id, shown) is shown or (
                self.ended[link.public_id] is State.ACTIVE
            )
            self.ended[link.public_id] = shown
            if shown is State.ACTIVE:
                everything = link.extent is Extent.EVERYTHING
                held = link.rows & self.world.held(link.holder)
                assert (grant.installation_count, grant.excepted_count) == (
                    (0, len(held)) if everything else (len(held), 0)
                )
                assert letters.count_of(grant) == len(self.world.covers(link))

    def _asking(self) -> Asking:
        return Asking(self.people, self.installations, self.numbers, self.at)

    def _add(self, link: Link) -> None:
        self.world.links.append(link)

    def _grant(self, link: Link) -> Grant:
        return db.session.scalars(select(Grant).where(Grant.public_id == link.public_id)).one()

    def _attempt(self, act: Callable[[], object]) -> bool:
        """Whether it was done; a refusal leaves nothing behind."""
        try:
            act()
        except DomainError:
            db.session.rollback()
            return False
        db.session.commit()
        return True

    def _everything_ever(self) -> list[dict[str, Any]]:
        """A token that claims all that could ever have been granted, the own first."""
        codes = [each.code for each in self.installations]
        claims = [
            {"relation": "owner", "holder": str(account.tax_id)} for account in self.people
        ] + [
            {
                "relation": link.relation.value,
                "holder": link.holder,
                "grant_id": link.public_id,
                "grant_chain": [each.public_id for each in link.chain],
            }
            for link in self.world.links
        ]
        return [
            {
                "type": "installation_access",
                "actions": ["read", "write"],
                "installations": codes,
                **claim,
            }
            for claim in claims
        ]


def kept_order(asking: Asking, reason: Reason) -> list[int]:
    """The rows of a group in the order of the page: own and everything by code, chosen by id, which
    comes to the same here."""
    return sorted(reason.numbers, key=lambda number: asking.installations[number].code)


def counts(totals: dict[Relation, Any]) -> dict[Relation, int]:
    return {relation: total.count for relation, total in totals.items()}


def counted(reasons: list[Reason]) -> dict[Relation, int]:
    found: dict[Relation, int] = {}
    for each in reasons:
        found[each.relation] = found.get(each.relation, 0) + len(each.numbers)
    return found


@pytest.mark.timeout(300)  # some 30 s when nobody else needs the processor
def test_effective_access_agrees_with_a_naive_model_over_random_histories(app: Flask) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
