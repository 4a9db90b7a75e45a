"""Staff look agencies up in the council's register."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp.accounts.models import Account
from idp.accounts.registration.models import Agency, CreciState
from idp.admin.models import Role
from idp.audit import history_of
from idp.extensions import db
from idp.mail.models import Mail
from tests.admin.scene import staff
from tests.browsing import errors_of, post
from tests.factories.accounts import an_account, joao
from tests.factories.registration import an_agency


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_agency(an_account())


def path_of(account: Account, action: str = "") -> str:
    return f"/admin/agencies/{account.public_id}{action}"


def state() -> CreciState:
    return db.session.scalars(select(Agency.creci_state)).one()


def test_those_that_wait_are_listed(client: FlaskClient, maria: Account) -> None:
    staff(client, Role.REVIEWER)
    page = client.get("/admin/agencies")
    assert path_of(maria) in page.text
    assert "12345-J" in page.text
    assert path_of(maria) not in client.get("/admin/agencies?state=confirmed").text
    assert path_of(maria) in client.get("/admin/agencies?state=nonsense").text


def test_a_reviewer_confirms(client: FlaskClient, maria: Account) -> None:
    member = staff(client, Role.REVIEWER)
    assert 'id="agency-confirm"' in client.get(path_of(maria)).text
    answer = post(
        client, path_of(maria, "/confirmation"), {"version": "1"}, form_path=path_of(maria)
    )
    assert (answer.status_code, answer.location) == (303, path_of(maria))
    assert state() is CreciState.CONFIRMED
    assert "Number confirmed" in client.get(path_of(maria)).text
    (trace,) = history_of("account", maria.public_id)
    assert (trace.event, trace.actor) == ("creci.confirmed", str(member.actor))
    assert 'id="agency-confirm"' not in client.get(path_of(maria)).text


def test_a_reviewer_refuses_with_words_for_the_person(client: FlaskClient, maria: Account) -> None:
    staff(client, Role.REVIEWER)
    path = path_of(maria, "/refusal")
    empty = post(client, path, {"version": "1"})
    assert (empty.status_code, list(errors_of(empty))) == (422, ["text"])
    assert post(client, path, {"version": "1", "text": "Unknown"}).location == path_of(maria)
    assert state() is CreciState.REFUSED
    assert db.session.scalars(select(Mail.template)).all() == ["registration_creci_refused"]
    assert "Unknown" in client.get(path_of(maria)).text


@pytest.mark.parametrize("version", ["", "2", "nonsense", "9" * 400, "-1", "１"])
def test_what_was_not_seen_is_not_decided(
    client: FlaskClient, maria: Account, version: str
) -> None:
    staff(client, Role.REVIEWER)
    for action in ("/confirmation", "/refusal"):
        data = {"version": version, "text": "no"}
        answer = post(client, path_of(maria, action), data, form_path=path_of(maria))
        assert answer.status_code == 409
    assert state() is CreciState.WAITING


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.AUDITOR])
def test_others_see_and_decide_nothing(client: FlaskClient, maria: Account, role: Role) -> None:
    staff(client, role)
    page = client.get(path_of(maria))
    assert page.status_code == 200
    assert "agency-confirm" not in page.text
    assert client.get(path_of(maria, "/refusal")).status_code == 403


def test_nobody_reviews_their_own_agency(client: FlaskClient, maria: Account) -> None:
    staff(client, Role.REVIEWER).name = "MARIA  da Silva"
    db.session.commit()
    assert "A colleague must decide" in client.get(path_of(maria)).text
    data = {"version": "1", "text": "x"}
    for action in ("/confirmation", "/refusal"):
        answer = post(client, path_of(maria, action), data, form_path="/admin/agencies")
        assert answer.status_code == 403
    assert state() is CreciState.WAITING


def test_a_customer_is_no_agency(client: FlaskClient, app: Flask) -> None:
    staff(client, Role.REVIEWER)
    assert client.get(path_of(joao())).status_code == 404
