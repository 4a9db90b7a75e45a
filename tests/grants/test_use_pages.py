"""What holders, guests and everybody else read about the use of a grant."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, Level
from idp.grants.use_models import Action
from idp.registry.models import Installation
from tests.browsing import heading_of, links_of, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import holdings
from tests.factories.uses import a_use
from tests.statements import statements_sent

ANA = "br:cpf:11144477735"


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.fixture
def owned(maria: Account) -> list[Installation]:
    return holdings(maria.tax_id, 3)


@pytest.fixture
def grant(maria: Account, owned: list[Installation]) -> Grant:
    began = clock.now() - timedelta(days=2)
    return a_grant(maria, joao(), owned[:2], level=Level.FULL, at=began)


def page_of(grant: Grant) -> str:
    return f"/grants/{grant.public_id}/uses"


def test_the_holder_reads_who_did_what_where_when_and_through_what(
    client: FlaskClient, maria: Account, owned: list[Installation], grant: Grant
) -> None:
    a_use(grant, owned[0])
    sign_in_as(client, maria)
    for path in (f"/grants/{grant.public_id}", page_of(grant), "/grants/uses"):
        text = client.get(path).text
        assert "João Souza: Paid the bill of October" in text
        assert f"Code {owned[0].code}" in text
        assert "Made a change" in text
        assert "told by Segunda via" in text
        assert "Not covered by the access" not in text


def test_what_the_access_did_not_cover_stands_out(
    client: FlaskClient, maria: Account, owned: list[Installation], grant: Grant
) -> None:
    a_use(grant, owned[2])
    sign_in_as(client, maria)
    assert "Not covered by the access" in client.get(page_of(grant)).text


def test_the_page_of_a_grant_shows_the_latest_and_leads_to_all(
    client: FlaskClient, maria: Account, grant: Grant
) -> None:
    for hours in range(7):
        a_use(grant, description=f"Thing {hours}", at=clock.now() - timedelta(hours=hours))
    sign_in_as(client, maria)
    page = client.get(f"/grants/{grant.public_id}")
    shown = [number for number in range(7) if f"Thing {number}" in page.text]
    assert shown == [0, 1, 2, 3, 4]
    assert page_of(grant) in links_of(page)
    everything = client.get(page_of(grant)).text
    places = [everything.index(f"Thing {number}") for number in range(7)]
    assert places == sorted(places)


def test_a_grant_that_nobody_used_says_so(
    client: FlaskClient, maria: Account, grant: Grant
) -> None:
    sign_in_as(client, maria)
    for path in (f"/grants/{grant.public_id}", page_of(grant), "/grants/uses"):
        assert "Nothing so far" in client.get(path).text


def test_uses_are_found_by_code_and_by_what_was_done(
    client: FlaskClient, maria: Account, owned: list[Installation], grant: Grant
) -> None:
    a_use(grant, owned[0], "Looked at it", action=Action.READ)
    a_use(grant, owned[1], "Paid it")
    sign_in_as(client, maria)
    for query, found in (
        ("", [True, True]),
        (f"q={owned[0].code}", [True, False]),
        (f"q={owned[1].code[-4:]}", [False, True]),
        ("action=read", [True, False]),
        (f"action=write&q={owned[0].code}", [False, False]),
        ("action=nonsense", [True, True]),
        ("q=%25", [False, False]),
        ("q=%00", [True, True]),
    ):
        for path in (page_of(grant), "/grants/uses"):
            text = client.get(f"{path}?{query}").text
            assert [each in text for each in ("Looked at it", "Paid it")] == found, query
    assert "Nothing matches your search." in client.get(f"{page_of(grant)}?q=x").text


def test_many_are_shown_page_by_page_at_the_same_cost(
    client: FlaskClient, maria: Account, owned: list[Installation], grant: Grant
) -> None:
    a_use(grant, owned[0])
    sign_in_as(client, maria)
    path = page_of(grant)
    client.get(path)
    with statements_sent() as few:
        client.get(path)
    for number in range(24):
        a_use(grant, owned[number % 2], f"Thing {number:02}")
    with statements_sent() as many:
        page = client.get(path)
    assert len(many) == len(few)
    assert page.text.count("told by Segunda via") == 20
    assert client.get(f"{path}?page=2").text.count("told by Segunda via") == 5


def test_the_guest_reads_what_is_told_of_them(
    client: FlaskClient, grant: Grant, owned: list[Installation]
) -> None:
    a_use(grant, owned[0])
    sign_in_as(client, grant.grantee)
    assert "Paid the bill of October" in client.get(page_of(grant)).text
    overview = client.get("/grants/uses")
    assert heading_of(overview) == "What others did with your installations"
    assert "Paid the bill of October" not in overview.text


def test_nobody_else_reads_it(client: FlaskClient, grant: Grant) -> None:
    a_use(grant)
    assert client.get(page_of(grant)).status_code == 302
    sign_in_as(client, an_account(ANA, "Ana Prado", "ana@example.com"))
    assert client.get(page_of(grant)).status_code == 404
    assert client.get("/grants/g_nothing/uses").status_code == 404
    assert "Paid the bill of October" not in client.get("/grants/uses").text


def test_whoever_only_declared_to_be_the_holder_reads_nothing(
    client: FlaskClient, maria: Account, grant: Grant
) -> None:
    a_use(grant)
    maria.assurance = "declared"  # type: ignore[assignment]
    db.session.commit()
    sign_in_as(client, maria)
    assert "Paid the bill of October" not in client.get("/grants/uses").text


def test_it_can_still_be_read_when_the_access_has_ended(
    client: FlaskClient, maria: Account, grant: Grant
) -> None:
    a_use(grant)
    services.revoke(grant, by=maria.actor, at=clock.now())
    db.session.commit()
    sign_in_as(client, maria)
    assert "Paid the bill of October" in client.get(page_of(grant)).text


def test_words_of_an_application_are_only_words(
    client: FlaskClient, maria: Account, grant: Grant
) -> None:
    a_use(grant, description="<script>alert(1)</script> https://evil.example", client_name="<b>")
    sign_in_as(client, maria)
    page = client.get(page_of(grant))
    assert "&lt;script&gt;" in page.text
    assert "<b>" not in page.text
    assert not [each for each in links_of(page) if "evil" in each]
