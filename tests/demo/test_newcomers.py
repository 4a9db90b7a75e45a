"""Those whom the welcome tells to register are known as holders by what it tells them to type."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from demo import people
from demo.data import FOLDER, ensure_registry
from idp import clock
from idp.accounts.models import Account, Assurance, Registration
from idp.extensions import db
from tests.browsing import errors_of, post, sign_in_as
from tests.factories.accounts import an_account
from tests.factories.registration import CUSTOMER_OF

FIELDS = (people.CODE, people.CONTRACT, people.BANK, people.TOTAL)
NEWCOMERS = [
    (market, part, fact)
    for market, cast in people.CASTS.items()
    for part in cast.parts
    for fact in part.facts
]
# What the market's form does not ask is shown later, on the page for it.
AT_ONCE = [
    (market, part, fact)
    for market, part, fact in NEWCOMERS
    if any(fact[0] in page for page in CUSTOMER_OF[market])
]
Under = Callable[[str], None]


@pytest.fixture
def begin(app: Flask, under_profile: Under) -> Callable[[str], None]:
    """Call it with a market: its installations are there."""

    def start(market: str) -> None:
        under_profile(market)
        for registry in people.CASTS[market].registries:
            ensure_registry(FOLDER / registry, clock.now())
        db.session.commit()

    return start


def register(client: FlaskClient, market: str, part: people.Part, facts: dict[str, str]) -> None:
    """Fill in the market's form, page by page, as this person."""
    person = part.customer
    country, _, scheme = person.scheme.partition(":")
    own = {
        "tax_id": person.tax_id,
        "name": person.name,
        "email": person.email,
        **({"tax_id_country": country} if scheme == "passport" else {}),
        **dict.fromkeys(FIELDS, ""),
        **facts,
    }
    path = "/register?kind=customer"
    for number, page in enumerate(CUSTOMER_OF[market], start=2):
        typed = {**page, **{name: own[name] for name in own if name in page}}
        typed |= {"tax_id_country": own["tax_id_country"]} if "tax_id_country" in own else {}
        answer = post(client, path, {"kind": "customer", **typed})
        assert answer.status_code == 303, errors_of(answer)
        path = f"/register/steps/{number}"


@pytest.mark.parametrize(("market", "part", "fact"), AT_ONCE)
def test_the_registration_is_that_of_the_holder(
    client: FlaskClient,
    begin: Under,
    market: str,
    part: people.Part,
    fact: tuple[str, str],
) -> None:
    begin(market)
    register(client, market, part, dict([fact]))
    found = db.session.scalars(select(Registration)).one()
    assert (found.tax_id, found.assurance) == (part.customer.party, Assurance.PROVEN)


@pytest.mark.parametrize(("market", "part", "fact"), NEWCOMERS)
def test_or_the_account_shows_it_later(
    client: FlaskClient,
    begin: Under,
    market: str,
    part: people.Part,
    fact: tuple[str, str],
) -> None:
    begin(market)
    account = an_account(part.customer.party, assurance=Assurance.DECLARED)
    sign_in_as(client, account)
    assert post(client, "/account/proof", dict([fact])).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Account, account.id).assurance is Assurance.PROVEN
