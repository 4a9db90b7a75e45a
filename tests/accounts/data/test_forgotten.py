"""After an erasure, nothing tells who the person was but what the page said would stay."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, LargeBinary, Table, cast, func, select
from sqlalchemy.types import Text

from idp import clock
from idp.accounts.data import erasure
from idp.extensions import Base, db
from tests.accounts.data import scene
from tests.accounts.data.scene import a_full_life
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account

# What told who the person was, as it may be written anywhere.
PERSONAL = (
    "quaresma",
    "52998224725",
    "529.982.247-25",
    scene.MOBILE,
    scene.LANDLINE,
    scene.BROWSER,
)
# Where it stays, and why. The page says so in other words, and so does docs/export.md.
STAYS = {
    # Who could act for whom: the law asks for it, and it is the other person's history, too.
    "accounts.name": "named by a grant, an invitation or a request",
    "accounts.former_tax_id": "likewise",
    "grants.holder_tax_id": "whose installations they were",
    "grant_uses.holder_tax_id": "likewise",
    "invitations.holder_tax_id": "the paper says so for years",
    "invitations.holder_name": "likewise",
    "invitations.guest_name": "likewise",
    "invitations.guest_tax_id": "likewise",
    "invitations.guest_email": "likewise",
    # On what staff decided.
    "mandate_requests.nominee_name": "the request that was sent",
    "mandate_requests.nominee_tax_id": "likewise",
    "mandate_requests.nominee_email": "likewise",
    "evidence_documents.name": "the document of the request, until its time is over",
    # The contract goes on without the account.
    "holders.tax_id": "the registry",
    "holders.name": "the registry",
    "installations.holder_tax_id": "the registry",
    # Thirty days, to send again what did not arrive.
    "mails.recipient_name": "the outbox",
    "mails.recipient_address": "the outbox",
    "mails.context": "the outbox",
    # Ends with its last day.
    "authorizations.holder_tax_id": "an application's access, which was ended",
}


def columns() -> Iterator[tuple[Table, Column[object]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, LargeBinary):
                yield table, column


def places_of(words: tuple[str, ...]) -> set[str]:
    """Every `table.column` that holds one of them."""
    found = set()
    for table, column in columns():
        written = func.lower(cast(column, Text))
        holds = [written.contains(word.lower(), autoescape=True) for word in words]
        query = select(func.count()).select_from(table)
        if any(db.session.scalar(query.where(each)) for each in holds):
            found.add(f"{table.name}.{column.name}")
    return found


def test_no_table_tells_who_it_was_but_those_that_are_documented(app: Flask) -> None:
    life = a_full_life(app)
    before = places_of(PERSONAL)
    assert {"accounts.email", "email_changes.old_email", "agencies.responsible"} <= before
    erasure.erase(life.maria, by=life.maria.actor, at=clock.now())
    db.session.commit()
    assert places_of(PERSONAL) == STAYS.keys()


def test_whoever_is_on_no_paper_leaves_the_goodbye_alone(app: Flask) -> None:
    maria = an_account(
        name=scene.NAME, email=scene.EMAIL, mobile=scene.MOBILE, landline=scene.LANDLINE
    )
    sign_in_as(app.test_client(), maria, user_agent=scene.BROWSER)
    erasure.erase(maria, by=maria.actor, at=clock.now())
    db.session.commit()
    assert places_of(PERSONAL) == {"mails.recipient_name", "mails.recipient_address"}


@pytest.mark.parametrize("place", sorted(STAYS))
def test_what_stays_is_a_column_that_exists(place: str) -> None:
    table, _dot, column = place.partition(".")
    assert column in Base.metadata.tables[table].columns


def test_the_closing_page_says_what_goes_and_what_stays(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for path in ("/account/data", "/account/data/closing"):
        page = client.get(path).text
        for said in ("recovery codes", "real-estate agency", "Which browsers you used", "30 days"):
            assert said in page
        assert "As long as the law says" in page
        assert "As long as the contract says" in page
