"""A form of several pages: what was typed survives, and lies nowhere that it can be read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from idp import clock
from idp.accounts import passwords
from idp.accounts.models import Registration
from idp.accounts.purging import purge
from idp.accounts.registration import drafts
from idp.accounts.registration.drafts import Answers
from idp.accounts.registration.models import RegistrationDraft
from idp.extensions import db
from idp.mail.models import Mail
from tests.browsing import errors_of, post, values_of
from tests.factories.accounts import PASSWORD
from tests.factories.registration import (
    ACCEPTED,
    AGENCY,
    AGENCY_PAGES,
    CUSTOMER_OF,
    NEW_PASSWORD,
    PERSON,
)

FIRST, SECOND, THIRD = "/register?kind=agency", "/register/steps/2", "/register/steps/3"


@pytest.fixture(autouse=True)
def of_portal(under_profile: Callable[[str], None]) -> None:
    under_profile("br-portal")


def begin(client: FlaskClient) -> None:
    assert post(client, FIRST, {"kind": "agency", **AGENCY_PAGES[0]}).location == SECOND


def registrations() -> list[Registration]:
    return list(db.session.scalars(select(Registration)))


def test_what_was_typed_is_there_on_the_way_back_and_after_reloading(client: FlaskClient) -> None:
    begin(client)
    assert post(client, SECOND, AGENCY).location == THIRD
    for _reload in range(2):
        back = values_of(client.get(SECOND))
        assert (back["trade_name"], back["postal_code"]) == ("Lar Imóveis Ltda.", "01.310-100")
        first = values_of(client.get(FIRST))
        assert (first["tax_id"], first["email"]) == (PERSON["tax_id"], PERSON["email"])
        assert "selected" in client.get(SECOND).text


def test_a_wrong_answer_is_shown_again_and_what_was_right_before_is_kept(
    client: FlaskClient,
) -> None:
    begin(client)
    post(client, SECOND, AGENCY)
    wrong = post(client, SECOND, {**AGENCY, "postal_code": "1", "city": "Santos"})
    assert list(errors_of(wrong)) == ["postal_code"]
    assert values_of(wrong)["city"] == "Santos"
    assert values_of(client.get(SECOND))["city"] == "São Paulo"


def test_two_tabs_answer_one_form(client: FlaskClient) -> None:
    begin(client)
    begin(client)
    assert db.session.scalars(select(RegistrationDraft)).one()
    post(client, SECOND, AGENCY)
    post(client, FIRST, {"kind": "agency", **AGENCY_PAGES[0], "mobile": "11 98765-4321"})
    assert post(client, THIRD, ACCEPTED).location == "/register/sent"
    (kept,) = registrations()
    assert kept.mobile == "11987654321"
    assert kept.agency is not None
    assert kept.agency["trade_name"] == "Lar Imóveis Ltda."


def test_nothing_that_was_typed_can_be_read_in_the_database(
    app: Flask, client: FlaskClient
) -> None:
    begin(client)
    row = db.session.execute(text("SELECT * FROM registration_drafts")).one()
    cookie = client.get_cookie(drafts.cookie_name())
    assert cookie is not None
    assert cookie.http_only
    stored = str([bytes(each) if isinstance(each, memoryview) else each for each in row])
    for secret in (PASSWORD, "52998224725", "529.982", "Maria", "maria", cookie.value, "argon2"):
        assert secret not in stored


def test_no_page_shows_a_password_again(client: FlaskClient) -> None:
    begin(client)
    wrong = post(client, FIRST, {"kind": "agency", **AGENCY_PAGES[0], "tax_id": "1"})
    for page in (wrong, client.get(FIRST), client.get(SECOND)):
        assert PASSWORD not in page.text


def test_a_password_that_was_chosen_need_not_be_typed_twice(client: FlaskClient) -> None:
    begin(client)
    assert "Leave both fields empty" in client.get(f"{FIRST}&lang=en").text
    again = post(client, FIRST, {"kind": "agency", **PERSON, "landline": "1133334444"})
    assert again.location == SECOND
    post(client, SECOND, AGENCY)
    post(client, THIRD, ACCEPTED)
    (kept,) = registrations()
    assert passwords.verify(kept.password_hash, PASSWORD)
    assert kept.landline == "1133334444"


def test_another_address_asks_for_a_password_again(client: FlaskClient) -> None:
    """It was not compared with this address."""
    begin(client)
    post(client, FIRST, {"kind": "agency", **PERSON, "email": "other@example.com"})
    assert client.get(SECOND).location == FIRST
    assert "Leave both fields empty" not in client.get(f"{FIRST}&lang=en").text


@pytest.mark.parametrize("changed", ["tax_id", "name", "email"])
def test_a_hash_outlives_no_change_of_who_it_is(changed: str) -> None:
    before = Answers("agency", "", "hash", {"tax_id": "1", "name": "a", "email": "b"})
    assert before.with_page({changed: "other"}, "").password_hash == ""
    assert before.with_page({changed: "other"}, "new").password_hash == "new"
    assert before.with_page({"city": "other"}, "").password_hash == "hash"


def test_pages_cannot_be_skipped(client: FlaskClient) -> None:
    begin(client)
    assert client.get(THIRD).location == SECOND
    assert post(client, THIRD, ACCEPTED, form_path=SECOND).location == SECOND
    assert registrations() == []


def test_of_two_clicks_one_sends_the_form(app: Flask, client: FlaskClient) -> None:
    begin(client)
    post(client, SECOND, AGENCY)
    for _click in range(2):
        answer = post(client, THIRD, ACCEPTED, form_path="/login?again=1")
        assert answer.location == "/register/sent"
    assert len(registrations()) == 1
    assert len(db.session.scalars(select(Mail)).all()) == 1
    assert client.get(THIRD).location == "/register/sent"
    assert values_of(client.get(FIRST))["tax_id"] == ""


def test_after_an_hour_it_is_forgotten(app: Flask, client: FlaskClient) -> None:
    begin(client)
    row = db.session.scalars(select(RegistrationDraft)).one()
    row.expires_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    assert client.get(SECOND).location == "/register?late=1"
    assert values_of(client.get(FIRST))["tax_id"] == ""
    assert purge(clock.now()) == 1
    assert db.session.scalars(select(RegistrationDraft)).all() == []


def test_another_browser_sees_nothing_of_it(app: Flask, client: FlaskClient) -> None:
    begin(client)
    other = app.test_client()
    assert other.get(SECOND).location == "/register?late=1"
    other.set_cookie(drafts.cookie_name(), "A" * 43)
    assert other.get(SECOND).location == "/register?late=1"
    assert values_of(other.get(FIRST))["tax_id"] == ""


def test_a_draft_of_another_key_is_begun_anew(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(client)
    monkeypatch.setitem(app.config, "DATA_ENCRYPTION_KEY", "another key, of a new deployment")
    assert values_of(client.get(FIRST))["tax_id"] == ""
    begin(client)


def test_where_the_person_came_from_is_remembered_to_the_end(
    app: Flask, client: FlaskClient
) -> None:
    path = "/register?kind=agency&next=/invitations/abc"
    post(client, path, {"kind": "agency", **AGENCY_PAGES[0]})
    post(client, SECOND, AGENCY)
    post(client, THIRD, ACCEPTED)
    assert registrations()[0].return_to == "/invitations/abc"


def test_the_password_of_a_later_page_is_compared_with_the_earlier_ones(
    client: FlaskClient, under_profile: Callable[[str], None]
) -> None:
    under_profile("es-managers")
    first, second, _third = CUSTOMER_OF["es-managers"]
    post(client, "/register", first)
    post(client, SECOND, {**second, "email": "marta.vidal.puig@example.es"})
    typed = "marta.vidal.puig@example.es"
    password = {"password": typed, "password_confirmation": typed, "accept_terms": "yes"}
    assert list(errors_of(post(client, THIRD, password))) == ["password"]
    assert post(client, THIRD, {**NEW_PASSWORD, "accept_terms": "yes"}).status_code == 303


def test_hashing_by_the_page_is_limited(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "FORMS_PER_ADDRESS", 2)
    tries = [
        post(client, FIRST, {"kind": "agency", **AGENCY_PAGES[0]}).status_code for _each in range(3)
    ]
    assert tries == [303, 303, 429]
