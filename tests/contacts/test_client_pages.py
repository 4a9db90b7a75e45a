"""The lists of a manager's clients and collaborators, one of these people, and their removal."""

from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Grant, Level, State
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.browsing import errors_of, heading_of, links_of, post, sign_in_as, values_of
from tests.contacts import scene
from tests.contacts.scene import Client, a_collaborator, mails, text_of
from tests.factories.grants import a_grant


@pytest.fixture
def gloria(app: Flask) -> Account:
    return scene.gloria()


@pytest.fixture
def ivan(app: Flask) -> Account:
    return scene.ivan()


def state_of(grant: Grant) -> State:
    db.session.expire_all()
    return db.session.get_one(Grant, grant.id).state


def removal_of(grant: Grant) -> str:
    return f"/account/collaborators/{grant.public_id}/removal"


def test_a_manager_sees_their_clients_with_state_and_number_of_collaborators(
    client: FlaskClient, gloria: Account, ivan: Account
) -> None:
    one, other = Client(gloria, 1), Client(gloria, 2, everything=False)
    a_collaborator(one, ivan)
    a_collaborator(other, ivan)
    grants.revoke(other.grant, by=other.holder.actor, at=clock.now())
    delegated = a_grant(one.holder, gloria, None)
    db.session.commit()
    sign_in_as(client, gloria)
    page = client.get("/account/clients")
    links = links_of(page)
    assert {f"/grants/{each.grant.public_id}" for each in (one, other)} <= set(links)
    assert f"/grants/{delegated.public_id}" not in links, "she manages nothing by that"
    assert "1 collaborator<" in text_of(page)
    assert "0 collaborators<" in text_of(page)
    assert "Taken back" in text_of(page)
    active = client.get("/account/clients?standing=active")
    assert "Client 002" not in text_of(active)
    assert "Client 001" not in text_of(client.get("/account/clients?standing=past"))
    assert "Client 001" not in text_of(client.get("/account/clients?q=002"))
    assert "Nothing matches" in text_of(client.get("/account/clients?q=nobody"))
    for path in ("/account/clients", "/account/collaborators"):
        assert path in links_of(client.get("/account"))


def test_who_manages_for_nobody_is_told_how_one_comes_to(
    client: FlaskClient, ivan: Account
) -> None:
    sign_in_as(client, ivan)
    assert "You manage for nobody yet" in text_of(client.get("/account/clients"))
    assert "You have no clients" in text_of(client.get("/account/collaborators"))
    assert "/account/clients" not in links_of(client.get("/account"))


def test_a_manager_sees_their_collaborators_once_each_with_the_number_of_clients(
    client: FlaskClient, gloria: Account, ivan: Account
) -> None:
    one, other = Client(gloria, 1), Client(gloria, 2)
    carla = scene.carla()
    a_collaborator(one, ivan)
    latest = a_collaborator(other, ivan)
    past = a_collaborator(other, carla)
    grants.revoke(past, by=gloria.actor, at=clock.now())
    db.session.commit()
    sign_in_as(client, gloria)
    page = client.get("/account/collaborators")
    people = [each for each in links_of(page) if each.startswith("/account/collaborators/g_")]
    assert people == [
        f"/account/collaborators/{past.public_id}",
        f"/account/collaborators/{latest.public_id}",
    ]
    assert "2 clients" in text_of(page)
    assert "1 past access" in text_of(page)
    assert "Ivan" not in text_of(client.get("/account/collaborators?standing=past"))
    assert "Carla" not in text_of(client.get("/account/collaborators?standing=active"))
    assert "Carla" not in text_of(client.get("/account/collaborators?q=ivan"))


def test_what_ended_above_is_past_at_once(
    client: FlaskClient, gloria: Account, ivan: Account
) -> None:
    one = Client(gloria, 1)
    grant = a_collaborator(one, ivan)
    grants.revoke(one.grant, by=one.holder.actor, at=clock.now())
    db.session.commit()
    assert state_of(grant) is State.ACTIVE, "its row is untouched"
    sign_in_as(client, gloria)
    assert "Ivan" in text_of(client.get("/account/collaborators?standing=past"))
    page = client.get(f"/account/collaborators/{grant.public_id}")
    assert "Taken back" in text_of(page)
    assert removal_of(grant) not in links_of(page)
    assert client.get(removal_of(grant)).location == page.request.path


def test_one_person_is_shown_with_all_their_clients(
    client: FlaskClient, gloria: Account, ivan: Account
) -> None:
    one, other = Client(gloria, 1), Client(gloria, 2)
    first, second = a_collaborator(one, ivan), a_collaborator(other, ivan)
    sign_in_as(client, gloria)
    page = client.get(f"/account/collaborators/{first.public_id}")
    assert heading_of(page) == "Ivan Petrov"
    for grant in (first, second):
        assert f"/grants/{grant.public_id}" in links_of(page)
    assert "Client 001" in text_of(page)
    assert "111.444.777-35" not in text_of(page), "masked"


def test_nobody_reads_the_collaborators_of_others(
    client: FlaskClient, gloria: Account, ivan: Account
) -> None:
    one = Client(gloria, 1)
    grant = a_collaborator(one, ivan)
    root = one.grant.public_id
    for account in (ivan, one.holder, scene.carla()):
        sign_in_as(client, account)
        for key in (grant.public_id, root, "g_x", "%00"):
            for page in ("", "/removal"):
                answer = client.get(f"/account/collaborators/{key}{page}")
                assert answer.status_code == HTTPStatus.NOT_FOUND
    sign_in_as(client, one.holder)
    page = client.get("/account/collaborators")
    assert "Gloria" not in text_of(page)


def test_a_person_is_removed_from_all_clients_at_once_with_one_mail_each(
    client: FlaskClient, gloria: Account, ivan: Account
) -> None:
    given = [a_collaborator(Client(gloria, number), ivan) for number in (1, 2, 3)]
    other = a_collaborator(Client(gloria, 4), scene.carla())
    sign_in_as(client, gloria)
    page = client.get(removal_of(given[0]))
    assert heading_of(page) == "Remove Ivan Petrov from all 3 clients?"
    for number in (1, 2, 3):
        assert f"Client 00{number}" in text_of(page)
    answer = post(client, removal_of(given[0]), values_of(page))
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert {state_of(grant) for grant in given} == {State.REVOKED}
    assert state_of(other) is State.ACTIVE
    written = mails("contact_removed")
    assert [each.recipient_address for each in written] == [ivan.email, gloria.email]
    assert mails("grant_revoked") == []
    for mail, words in zip(written, ("took back your", "You took back"), strict=True):
        assert words in render(mail).text
        assert "Client 001, Client 002, Client 003" in render(mail).text
    assert "Removed." in text_of(client.get(answer.location))


@pytest.mark.parametrize("count", ["", "1", "3", "-2", "2²", "99999999999999999999"])
def test_nobody_is_removed_from_more_or_fewer_clients_than_the_page_named(
    client: FlaskClient, gloria: Account, ivan: Account, count: str
) -> None:
    given = [a_collaborator(Client(gloria, number), ivan) for number in (1, 2)]
    sign_in_as(client, gloria)
    answer = post(client, removal_of(given[0]), {"count": count})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "The number changed" in errors_of(answer)[""]
    assert {state_of(grant) for grant in given} == {State.ACTIVE}


def test_a_name_in_a_mail_is_text(client: FlaskClient, gloria: Account, ivan: Account) -> None:
    mail = Mail(
        template="contact_removed",
        recipient_name="<b>Ivan</b>",
        recipient_address="ivan@example.com",
        locale="en",
        context={
            "audience": "grantee",
            "giver_name": "<i>Gloria</i>",
            "grantee_name": "Ivan",
            "holders": ["<u>Acme</u>"],
            "count": 12,
        },
    )
    rendered = render(mail)
    assert not [tag for tag in ("<b>", "<i>", "<u>") if tag in rendered.html]
    assert "and 11 more" in rendered.text


def test_a_client_page_offers_a_manager_to_give_access_on(
    client: FlaskClient, gloria: Account, ivan: Account
) -> None:
    one = Client(gloria, 1, level=Level.READ_ONLY)
    sign_in_as(client, gloria)
    page = client.get(f"/grants/{one.grant.public_id}")
    add = f"/account/collaborators/new?client={one.grant.public_id}"
    assert add in links_of(page)
    grant = a_collaborator(one, ivan)
    assert grant.public_id in text_of(client.get(f"/grants/{one.grant.public_id}"))
    sign_in_as(client, ivan)
    page = client.get(f"/grants/{grant.public_id}")
    assert "/account/collaborators/new" not in text_of(page)
    assert "You act through Gloria Vidal." in text_of(page)
