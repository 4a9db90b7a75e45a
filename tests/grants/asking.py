"""Ask for effective access in every way there is, in the words of the naive model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idp.access import services as access
from idp.access.paging import Page, Place
from idp.access.reading import Question, Resource, Subject
from idp.access.rules import Decision
from idp.accounts.models import Account
from idp.grants import directory, holders
from idp.grants.access import Access
from idp.grants.claims import to_claim
from idp.grants.coverage import grants_on
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
from tests.grants.naive import Reason

ACTIONS = ("read", "write")
Said = tuple[Any, ...]  # a reason, with the installations it was asked about


def allows(level: Level, action: str) -> bool:
    return level is Level.FULL or action == "read"


def said(reason: Reason, numbers: Iterable[int]) -> Said:
    """What an answer should say of a reason."""
    return (
        reason.name,
        reason.relation,
        reason.holder,
        frozenset(numbers),
        reason.level,
        reason.end,
        reason.chain,
    )


@dataclass
class Asking:
    """Answers of the service at one moment; `numbers` translates codes."""

    people: Sequence[Account]
    installations: Sequence[Installation]
    numbers: dict[str, int]
    at: datetime

    def access_of(self, person: int, limit: int = 50) -> list[Access]:
        account = self.people[person]
        return access_of(account.id, account.tax_id, at=self.at, limit=limit)

    def filtered(self, person: int, **narrowed: Any) -> list[Access]:
        return access_filtered(self.people[person], at=self.at, **narrowed)

    def reasons(self, person: int, number: int) -> list[Said]:
        found = reasons(self.people[person].id, self.installations[number].id, self.at)
        return [self.said(each) for each in found]

    def may(self, person: int, number: int, action: str) -> str | bool | None:
        """The grant that allows it, True for one's own, False for a no."""
        installation = self.installations[number]
        found = may(self.people[person].id, installation.id, action, self.at)
        return False if found is None else found.grant_id or True

    def still(self, person: int, claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return still_effective(self.people[person].id, claims, at=self.at)

    def totals(self, person: int, **narrowed: Any) -> dict[Relation, Total]:
        found = totals_of(self.people[person].id, at=self.at, **narrowed)
        assert len({each.relation for each in found}) == len(found)
        return {each.relation: each for each in found}

    def decisions(self, asked: Sequence[tuple[int, int, str]]) -> list[Decision]:
        """(person, installation, action) each."""
        questions = [self._question(*each) for each in asked]
        return access.decisions(questions, at=self.at)

    def resources(self, person: int, action: str, limit: int) -> list[int]:
        """Page by page."""
        question, place, found = self._question(person, None, action), Place(), []
        for _page in range(100):
            page = access.resources(question, Page(limit, place, ""), at=self.at)
            found += [self.numbers[each["id"]] for each in page.results]
            if page.more is None:
                return found
            place = page.more
        raise AssertionError("the walk does not end")

    def subjects(self, number: int, action: str) -> set[str]:
        question = self._question(0, number, action)
        found = access.subjects(question, Page(100, Place(), ""), at=self.at).results
        assert len({each["id"] for each in found}) == len(found)
        return {each["id"] for each in found}

    def listed(self, person: int) -> dict[str | None, tuple[int, list[int]]]:
        """By grant: the number in the group's counter, and its rows on the page."""
        groups = directory.groups_of(self.people[person].id, self.at)
        page = directory.page_of(groups, "", at=self.at, offset=0, limit=1000)
        return {
            group.grant_id: (group.count, [self.numbers[row.code] for row in rows])
            for group, rows in page
        }

    def holders(self, person: int) -> set[str]:
        found = holders.page_of(self.people[person].id, at=self.at, limit=50)
        return {str(each.holder) for each in found}

    def shared(self, number: int) -> set[str]:
        found = grants_on(self.installations[number], at=self.at, limit=1000)
        return {each.public_id for each in found}

    def said(self, found: Access) -> Said:
        numbers = frozenset(self.numbers[code] for code in found.installations)
        assert len(numbers) == len(found.installations)
        holder = str(found.holder)
        return (
            found.grant_id,
            found.relation,
            holder,
            numbers,
            found.level,
            found.expires_at,
            found.grant_chain,
        )

    def claims_of(self, found: Sequence[Access]) -> list[dict[str, Any]]:
        return [to_claim(each) for each in found]

    def _question(self, person: int, number: int | None, action: str) -> Question:
        code = "" if number is None else self.installations[number].code
        subject = Subject("user", str(self.people[person].tax_id))
        return Question(subject, action, Resource("installation", code, None, None))
