"""Erasing an account in the console: who may, what they type, and what is left to see."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp.accounts.models import Account
from idp.admin import search, terms
from idp.admin.models import Role
from idp.audit import Event, history_of
from idp.extensions import db
from idp.grants.models import Grant, State
from idp.invitations.models import Decision, Invitation
from idp.mail.models import Mail
from tests.admin.scene import Scene, a_scene, staff
from tests.browsing import csrf_token, errors_of, post, sign_in_as, values_of
from tests.factories.accounts import an_account

WORDS = "erase this account forever"
TYPED = {"reason": "Asked for by letter, protocol 2026.1", "confirmation": WORDS}


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene()


def page_of(account: Account) -> str:
    return f"/admin/accounts/{account.public_id}"


def erase(client: FlaskClient, account: Account) -> None:
    """As a reviewer, who stays signed in on this client."""
    staff(client, Role.REVIEWER)
    assert post(client, f"{page_of(account)}/erasure", TYPED).status_code == 303


def is_erased(account: Account) -> bool:
    return db.session.get_one(Account, account.id).erased_at is not None


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.OPERATOR, Role.AUDITOR])
def test_only_a_reviewer_may(client: FlaskClient, scene: Scene, role: Role) -> None:
    staff(client, role)
    path = f"{page_of(scene.maria)}/erasure"
    assert client.get(path).status_code == 403
    token = csrf_token(client, "/login")
    assert client.post(path, data={**TYPED, "csrf_token": token}).status_code == 403
    assert "/erasure" not in client.get(page_of(scene.maria)).text
    assert not is_erased(scene.maria)


def test_the_page_says_what_ends_and_the_reason_and_the_words_stay_on_record(
    app: Flask, client: FlaskClient, scene: Scene
) -> None:
    browser = app.test_client()
    sign_in_as(browser, scene.maria)
    member = staff(client, Role.REVIEWER)
    assert "/erasure" in client.get(page_of(scene.maria)).text
    page = client.get(f"{page_of(scene.maria)}/erasure").text
    assert "People who act by access" in page
    assert WORDS in page
    answer = post(client, f"{page_of(scene.maria)}/erasure", TYPED)
    assert (answer.status_code, answer.location) == (303, page_of(scene.maria))
    assert is_erased(scene.maria)
    assert db.session.get_one(Grant, scene.grant.id).state is State.CANCELLED
    assert db.session.get_one(Invitation, scene.invitation.id).decision is Decision.CANCELLED
    events = {each.event: each for each in history_of("account", scene.maria.public_id)}
    erased = events[Event.ACCOUNT_ERASED.value]
    assert erased.actor == str(member.actor)
    assert erased.data == {"sessions": 1, **TYPED}
    told = {tuple(row) for row in db.session.execute(select(Mail.template, Mail.recipient_address))}
    assert {
        ("account_erased", "maria@example.com"),
        ("grant_cancelled", "maria@example.com"),
        ("grant_cancelled", "joao@example.com"),
        ("invitation_cancelled", "rita@example.com"),
    } == told
    assert browser.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"reason": " "}, {"reason"}),
        ({"reason": "x" * 1001}, {"reason"}),
        ({"confirmation": ""}, {"confirmation"}),
        ({"confirmation": "erase this account"}, {"confirmation"}),
        ({"confirmation": "erase this account forever!"}, {"confirmation"}),
        ({"confirmation": "\x00" * 9}, {"confirmation"}),
        ({"reason": "", "confirmation": "yes"}, {"reason", "confirmation"}),
    ],
)
def test_without_reason_and_words_nothing_happens_and_what_was_typed_stays(
    client: FlaskClient, scene: Scene, changes: dict[str, str], wrong: set[str]
) -> None:
    staff(client, Role.REVIEWER)
    answer = post(client, f"{page_of(scene.maria)}/erasure", {**TYPED, **changes})
    assert answer.status_code == 422
    assert set(errors_of(answer)) == wrong
    if "reason" not in wrong:
        assert values_of(answer)["reason"] == TYPED["reason"]
    assert not is_erased(scene.maria)


@pytest.mark.parametrize("words", ["Erase  this ACCOUNT forever ", WORDS])
def test_case_and_spaces_of_the_words_do_not_matter(
    client: FlaskClient, scene: Scene, words: str
) -> None:
    staff(client, Role.REVIEWER)
    path = f"{page_of(scene.maria)}/erasure"
    assert post(client, path, {**TYPED, "confirmation": words}).status_code == 303


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "borrar cuenta para siempre"), ("pt-BR", "apagar conta para sempre")],
)
def test_the_words_are_those_of_the_page(
    client: FlaskClient, scene: Scene, language: str, words: str
) -> None:
    staff(client, Role.REVIEWER)
    path = f"{page_of(scene.maria)}/erasure"
    assert words in client.get(f"{path}?lang={language}").text
    assert post(client, path, {**TYPED, "confirmation": words}).status_code == 303


def test_nobody_finds_an_erased_person_but_by_the_public_id(
    client: FlaskClient, scene: Scene
) -> None:
    erase(client, scene.maria)
    for typed in ("529.982.247-25", "maria@example.com", "Maria da Silva"):
        assert search.search(terms.read(typed)).accounts == []
    code = scene.installations[0].code
    assert search.search(terms.read(code)).accounts == []
    found = search.search(terms.read(scene.maria.public_id)).accounts
    assert [each.id for each in found] == [scene.maria.id]
    answer = post(client, "/admin/", {"term": scene.maria.public_id})
    assert "Erased" in answer.text


def test_the_account_says_that_it_was_erased_and_offers_nothing(
    client: FlaskClient, scene: Scene
) -> None:
    erase(client, scene.maria)
    page = client.get(page_of(scene.maria))
    assert page.status_code == 200
    assert "Erased on" in page.text
    assert "maria@example.com" not in page.text
    for action in ("/lock", "/unlock", "/erasure", "/sign-out"):
        assert f"{page_of(scene.maria)}{action}" not in page.text
    for rest in ("/grants/given", "/grants/received", "/invitations", "/history", "/lock"):
        assert client.get(f"{page_of(scene.maria)}{rest}").status_code == 200
    assert client.get(f"/admin/grants/{scene.grant.public_id}").status_code == 200
    assert client.get(f"/admin/invitations/{scene.invitation.public_id}").status_code == 200


def test_erased_is_erased(client: FlaskClient, scene: Scene) -> None:
    erase(client, scene.maria)
    before = db.session.scalars(select(Mail.id)).all()
    for action in ("lock", "unlock", "erasure"):
        token = csrf_token(client, f"{page_of(scene.joao)}/lock")
        path = f"{page_of(scene.maria)}/{action}"
        answer = client.post(path, data={**TYPED, "csrf_token": token})
        assert (answer.status_code, answer.location) == (303, page_of(scene.maria))
    assert is_erased(scene.maria)
    assert db.session.scalars(select(Mail.id)).all() == before


def test_somebody_who_is_on_no_paper_is_forgotten_by_name(client: FlaskClient) -> None:
    rita = an_account("br:cpf:11144477735", "Rita Alves", "rita@example.com")
    erase(client, rita)
    page = client.get(page_of(rita)).text
    assert "Rita Alves" not in page
    assert "111.444.777-35" not in page
