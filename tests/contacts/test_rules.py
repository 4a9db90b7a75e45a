"""What one wish means for several clients."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from idp.accounts.models import Account
from idp.contacts import rules
from idp.contacts.errors import RelationNotAllowed, StandsAbove
from idp.contacts.rules import Client, Wish
from idp.errors import DomainError
from idp.grants.errors import LongerThanAbove, WiderThanAbove
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations.errors import EndDateTooSoon, GuestIsCompany, OfferedToOneself
from idp.taxids import TaxId

TODAY = date(2027, 3, 1)
NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
HOLDER, MANAGER, GUEST = (
    TaxId.parse_canonical(each)
    for each in ("br:cpf:52998224725", "br:cpf:39053344705", "br:cpf:11144477735")
)
COMPANY = TaxId.parse_canonical("br:cnpj:11222333000181")

pytestmark = pytest.mark.usefixtures("app")  # days are those of the deployment


def a_client(
    level: Level = Level.FULL,
    expires_at: datetime | None = None,
    relation: Relation = Relation.MANAGER,
    links: int = 1,
) -> Client:
    grantee = Account(id=1, tax_id=MANAGER)
    return Client(
        [
            Grant(
                holder_tax_id=HOLDER,
                grantee=grantee,
                level=level,
                expires_at=expires_at,
                relation=relation,
            )
            for _link in range(links)
        ]
    )


def a_wish(
    relation: Relation = Relation.COLLABORATOR,
    level: Level = Level.READ_ONLY,
    ends_on: date | None = None,
) -> Wish:
    return Wish(relation, level, Extent.EVERYTHING, ends_on)


FULL, READ = a_client, lambda: a_client(Level.READ_ONLY)
ENDS = a_client(expires_at=NOON)


@pytest.mark.parametrize(
    ("clients", "depth", "wish", "error"),
    [
        ([a_client()], 3, a_wish(Relation.MANAGER, Level.FULL), None),
        ([a_client()], 2, a_wish(), None),
        ([a_client()], 2, a_wish(Relation.MANAGER), RelationNotAllowed),
        ([a_client(), a_client(links=2)], 3, a_wish(Relation.MANAGER), RelationNotAllowed),
        ([a_client(links=2)], 2, a_wish(), RelationNotAllowed),
        ([a_client(links=2), a_client()], 2, a_wish(), RelationNotAllowed),
        ([a_client(relation=Relation.COLLABORATOR)], 3, a_wish(), RelationNotAllowed),
        ([a_client(relation=Relation.DELEGATE)], 3, a_wish(), RelationNotAllowed),
        ([a_client()], 3, a_wish(Relation.DELEGATE), RelationNotAllowed),
        ([a_client()], 3, a_wish(Relation.REPRESENTATIVE), RelationNotAllowed),
        ([], 3, a_wish(), RelationNotAllowed),
        ([a_client(Level.READ_ONLY)], 3, a_wish(level=Level.FULL), WiderThanAbove),
        ([a_client(Level.READ_ONLY), a_client()], 3, a_wish(level=Level.FULL), None),
        ([ENDS], 3, a_wish(ends_on=date(2027, 6, 1)), None),
        ([ENDS], 3, a_wish(ends_on=date(2027, 6, 2)), LongerThanAbove),
        ([ENDS, a_client()], 3, a_wish(ends_on=date(2027, 6, 2)), None),
        ([a_client()], 3, a_wish(ends_on=TODAY), EndDateTooSoon),
    ],
)
def test_a_wish_goes_no_further_than_what_the_manager_has(
    clients: list[Client], depth: int, wish: Wish, error: type[DomainError] | None
) -> None:
    if error is None:
        rules.check_wish(wish, clients, depth=depth, today=TODAY)
        return
    with pytest.raises(error):
        rules.check_wish(wish, clients, depth=depth, today=TODAY)


@pytest.mark.parametrize(
    ("guest", "error"),
    [(MANAGER, OfferedToOneself), (HOLDER, StandsAbove), (COMPANY, GuestIsCompany)],
)
def test_nobody_collaborates_with_themselves_or_for_those_above_them(
    guest: TaxId, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        rules.check_person(guest, [a_client()], inviter=MANAGER)
    rules.check_person(GUEST, [a_client()], inviter=MANAGER)


def test_each_client_gets_the_wish_cut_down_to_what_the_manager_has_there(app: Flask) -> None:
    assert rules.level_within(a_client(), Level.FULL) is Level.FULL
    assert rules.level_within(a_client(Level.READ_ONLY), Level.FULL) is Level.READ_ONLY
    assert rules.level_within(a_client(), Level.READ_ONLY) is Level.READ_ONLY
    assert rules.end_within(a_client(), None) is None
    assert rules.end_within(ENDS, None) == NOON
    assert rules.end_within(ENDS, date(2027, 6, 1)) == NOON
    earlier = rules.end_within(ENDS, date(2027, 5, 1))
    assert earlier is not None
    assert NOON - earlier > timedelta(days=30)


def test_the_last_day_is_that_of_the_longest_access(app: Flask) -> None:
    later = a_client(expires_at=NOON + timedelta(days=9))
    assert rules.last_day_for([ENDS, later]) == date(2027, 6, 10)
    assert rules.last_day_for([ENDS, a_client()]) is None
    assert rules.last_day_for([a_client()]) is None
