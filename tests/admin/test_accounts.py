"""An account in the console: what it shows; locking, unlocking, signing out."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account, BrowserSession
from idp.admin.models import Role
from idp.audit import Event, history_of
from idp.extensions import db
from idp.grants.models import Grant, State
from idp.mail import Recipient, notify
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.admin.scene import Scene, a_scene, an_invitation, staff
from tests.browsing import errors_of, post, sign_in_as
from tests.factories.grants import a_grant
from tests.statements import statements_sent


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene()


def page_of(account: Account) -> str:
    return f"/admin/accounts/{account.public_id}"


def test_the_page_shows_who_it_is_and_what_is_tied_to_it(
    app: Flask, client: FlaskClient, scene: Scene
) -> None:
    sign_in_as(app.test_client(), scene.maria, user_agent="Firefox <b>")
    staff(client)
    page = client.get(page_of(scene.maria)).text
    for shown in ("529.982.247-25", "maria@example.com", "Proven", "Firefox &lt;b&gt;"):
        assert shown in page
    assert scene.grant.public_id in page
    assert scene.invitation.protocol in page


def test_auditors_see_tax_id_and_address_masked(client: FlaskClient, scene: Scene) -> None:
    staff(client, Role.AUDITOR)
    page = client.get(page_of(scene.maria)).text
    assert "529.982.247-25" not in page
    assert "maria@example.com" not in page
    assert "m***@example.com" in page
    for action in ("/lock", "/unlock", "/sign-out"):
        assert action not in page


def test_locking_signs_out_cancels_the_grants_and_keeps_the_reason(
    app: Flask, client: FlaskClient, scene: Scene
) -> None:
    browser = app.test_client()
    sign_in_as(browser, scene.maria)
    member = staff(client)
    answer = post(client, f"{page_of(scene.maria)}/lock", {"reason": "Identity theft"})
    assert (answer.status_code, answer.location) == (303, page_of(scene.maria))
    maria = db.session.get_one(Account, scene.maria.id)
    assert maria.locked_at is not None
    live = select(BrowserSession).where(
        BrowserSession.account_id == maria.id, BrowserSession.ended_at.is_(None)
    )
    assert db.session.scalars(live).all() == []
    assert db.session.get_one(Grant, scene.grant.id).state is State.CANCELLED
    events = {event.event: event for event in history_of("account", maria.public_id)}
    locked = events[Event.ACCOUNT_LOCKED.value]
    assert (locked.actor, locked.data["reason"]) == (str(member.actor), "Identity theft")
    assert "Locked since" in client.get(page_of(maria)).text
    told = {tuple(row) for row in db.session.execute(select(Mail.template, Mail.recipient_address))}
    assert ("staff_account_locked", "maria@example.com") in told
    assert ("grant_cancelled", "joao@example.com") in told


@pytest.mark.parametrize("locale", ["en", "es", "pt-BR"])
@pytest.mark.parametrize("template", ["staff_account_locked", "staff_account_unlocked"])
def test_the_mails_name_the_person_and_whom_to_ask(app: Flask, template: str, locale: str) -> None:
    notify(template, to=Recipient("Maria & Ana", "maria@example.com", locale))
    rendered = render(db.session.scalars(select(Mail)).one())
    assert rendered.subject
    assert "Maria & Ana" in rendered.text
    assert "Maria &amp; Ana" in rendered.html
    assert "ajuda@outorga.test" in rendered.text


def test_locking_the_guest_cancels_what_they_received(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    post(client, f"{page_of(scene.joao)}/lock", {"reason": "r"})
    assert db.session.get_one(Grant, scene.grant.id).state is State.CANCELLED
    page = client.get(f"/admin/grants/{scene.grant.public_id}")
    assert "Cancelled: an account was locked or erased" in page.text


def test_unlocking_brings_no_grant_back_and_says_so(client: FlaskClient, scene: Scene) -> None:
    staff(client, Role.REVIEWER)
    post(client, f"{page_of(scene.maria)}/lock", {"reason": "r"})
    page = client.get(f"{page_of(scene.maria)}/unlock")
    assert "come back" in page.text
    answer = post(client, f"{page_of(scene.maria)}/unlock", {"reason": "Documents seen"})
    assert answer.status_code == 303
    assert db.session.get_one(Account, scene.maria.id).locked_at is None
    assert db.session.get_one(Grant, scene.grant.id).state is State.CANCELLED
    kinds = [event.event for event in history_of("account", scene.maria.public_id)]
    assert Event.ACCOUNT_UNLOCKED.value in kinds
    assert "staff_account_unlocked" in set(db.session.scalars(select(Mail.template)))


def test_locking_twice_is_recorded_once(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    for _ in range(2):
        post(client, f"{page_of(scene.maria)}/lock", {"reason": "r"})
    kinds = [event.event for event in history_of("account", scene.maria.public_id)]
    assert kinds.count(Event.ACCOUNT_LOCKED.value) == 1


def test_signing_a_person_out_ends_every_session(
    app: Flask, client: FlaskClient, scene: Scene
) -> None:
    for _ in range(2):
        sign_in_as(app.test_client(), scene.maria)
    staff(client)
    answer = post(client, f"{page_of(scene.maria)}/sign-out", {"reason": "Lost phone"})
    assert answer.status_code == 303
    assert "In no browser." in client.get(page_of(scene.maria)).text
    ended = history_of("account", scene.maria.public_id)[0]
    assert (ended.event, ended.data["sessions"]) == (Event.SESSION_ENDED.value, 2)


@pytest.mark.parametrize("action", ["lock", "unlock", "sign-out"])
@pytest.mark.parametrize("reason", ["", " ", "\x00", "x" * 1001])
def test_nothing_happens_without_a_reason(
    client: FlaskClient, scene: Scene, action: str, reason: str
) -> None:
    staff(client, Role.REVIEWER)
    answer = post(client, f"{page_of(scene.maria)}/{action}", {"reason": reason})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["reason"]
    assert db.session.get_one(Account, scene.maria.id).locked_at is None


def test_the_page_costs_the_same_however_much_is_tied_to_the_account(
    client: FlaskClient, scene: Scene
) -> None:
    staff(client)
    with statements_sent() as few:
        client.get(page_of(scene.maria))
    for _ in range(30):
        a_grant(scene.maria, scene.joao, scene.installations)
        an_invitation(scene.maria, scene.installations[:1])
    with statements_sent() as many:
        page = client.get(page_of(scene.maria)).text
    assert len(many) <= len(few) + 1  # names of one more kind of actor
    assert len(many) <= 12
    for more in ("/grants/given", "/invitations", "/history"):
        assert f"{page_of(scene.maria)}{more}" in page
        assert client.get(f"{page_of(scene.maria)}{more}").status_code == 200
    assert client.get(f"{page_of(scene.joao)}/grants/received").status_code == 200


def test_lists_of_an_account_go_on_page_by_page(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    for _ in range(24):
        a_grant(scene.maria, scene.joao, scene.installations)
    path = f"{page_of(scene.maria)}/grants/given"
    first = client.get(path).text
    assert first.count('href="/admin/grants/g_') == 20
    older = first.split("before=")[1].split('"')[0]
    second = client.get(f"{path}?before={older}").text
    assert second.count('href="/admin/grants/g_') == 5
    assert "Older ones" not in second


def test_a_locked_account_shows_unlock_to_reviewers_only(client: FlaskClient, scene: Scene) -> None:
    scene.maria.locked_at = clock.now()
    db.session.commit()
    staff(client)
    assert "/unlock" not in client.get(page_of(scene.maria)).text
    staff(client, Role.REVIEWER)
    assert "/unlock" in client.get(page_of(scene.maria)).text
