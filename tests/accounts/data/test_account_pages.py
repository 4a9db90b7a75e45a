"""My account: password, sessions, activity, and the password asked for once more."""

from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts import passwords, reauthentication
from idp.accounts.models import Assurance, BrowserSession
from idp.accounts.sessions import cookie_name
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.mail.models import Mail
from tests.browsing import errors_of, heading_of, links_of, post, sign_in_as
from tests.factories.accounts import PASSWORD, an_account, joao

NEW = "seven blue umbrellas dancing"
CHANGE = {"current_password": PASSWORD, "password": NEW, "password_confirmation": NEW}
PAGES = [
    "/account",
    "/account/security",
    "/account/security/password",
    "/account/sessions",
    "/account/sessions/others",
    "/account/activity",
    "/account/confirm",
]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_signs_in_first_and_comes_back(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.location == f"/login?next={path}"


@pytest.mark.parametrize("language", ["en", "es", "pt-BR"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_in_every_language(
    app: Flask, client: FlaskClient, path: str, language: str
) -> None:
    sign_in_as(client, an_account())
    response = client.get(f"{path}?lang={language}")
    assert response.status_code == 200
    assert f'lang="{language}"' in response.text


def test_the_overview_shows_what_is_on_record(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account(name="<Maria>"))
    page = client.get("/account").text
    assert "&lt;Maria&gt;" in page
    assert "529.982.247-25" in page


def test_a_changed_password_ends_the_other_sessions_and_is_told(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account()
    elsewhere = sign_in_as(app.test_client(), account)
    sign_in_as(client, account)
    response = post(client, "/account/security/password", CHANGE, follow_redirects=True)
    assert heading_of(response) == "Your password is changed"
    for each in (account, elsewhere):
        db.session.refresh(each)
    assert passwords.verify(account.password_hash, NEW)
    assert elsewhere.ended_at is not None
    assert client.get("/account").status_code == 200
    assert db.session.scalars(select(Mail.template)).all() == ["password_changed"]


def test_a_changed_password_changes_the_cookie_too(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    before = client.get_cookie(cookie_name())
    post(client, "/account/security/password", CHANGE)
    after = client.get_cookie(cookie_name())
    assert before is not None
    assert after is not None
    assert before.value != after.value


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"current_password": "wrong"}, "current_password"),
        ({"current_password": ""}, "current_password"),
        ({"current_password": "x" * 5000}, "current_password"),
        ({"password": "short", "password_confirmation": "short"}, "password"),
        ({"password_confirmation": "x"}, "password_confirmation"),
        ({"password": "529982247-25 ", "password_confirmation": "529982247-25 "}, "password"),
    ],
)
def test_a_refused_change_changes_nothing(
    app: Flask, client: FlaskClient, change: dict[str, str], field: str
) -> None:
    account = an_account()
    sign_in_as(client, account)
    response = post(client, "/account/security/password", {**CHANGE, **change})
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    db.session.refresh(account)
    assert passwords.verify(account.password_hash, PASSWORD)


def test_the_current_password_cannot_be_guessed_at_will(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    wrong = {**CHANGE, "current_password": "wrong"}
    answers = [post(client, "/account/security/password", wrong).status_code for _each in range(11)]
    assert answers == [422] * 10 + [429]


def test_sessions_are_listed_in_plain_words(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(app.test_client(), account, user_agent=FIREFOX, address="192.0.2.7")
    sign_in_as(client, account, user_agent="<script>")
    page = client.get("/account/sessions").text
    assert "Firefox on Windows" in page
    assert "192.0.2.…" in page
    assert "192.0.2.7" not in page
    assert page.count(">this one<") == 1
    assert "Unknown device" in page


def test_one_session_can_be_ended(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    elsewhere = sign_in_as(app.test_client(), account)
    sign_in_as(client, account)
    path = f"/account/sessions/{elsewhere.public_id}/end"
    assert post(client, path, form_path="/account/sessions").location == "/account/sessions"
    db.session.refresh(elsewhere)
    assert elsewhere.ended_at is not None
    assert post(client, path, form_path="/account/sessions").status_code == 404


def test_ending_this_session_signs_out(app: Flask, client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    path = f"/account/sessions/{session.public_id}/end"
    assert post(client, path, form_path="/account/sessions").location == "/signed-out"
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("sid", ["s_unknown", "%00", "1", "' OR 1=1", "x" * 3000])
def test_a_session_that_does_not_exist_is_not_found(
    app: Flask, client: FlaskClient, sid: str
) -> None:
    sign_in_as(client, an_account())
    response = post(client, f"/account/sessions/{sid}/end", form_path="/account/sessions")
    assert response.status_code == 404


def test_somebody_elses_session_cannot_be_ended(app: Flask, client: FlaskClient) -> None:
    theirs = sign_in_as(app.test_client(), joao())
    sign_in_as(client, an_account())
    path = f"/account/sessions/{theirs.public_id}/end"
    assert post(client, path, form_path="/account/sessions").status_code == 404
    db.session.refresh(theirs)
    assert theirs.ended_at is None


def test_all_others_can_be_ended_from_a_page_that_says_what_happens(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account()
    others = [sign_in_as(app.test_client(), account) for _n in range(3)]
    mine = sign_in_as(client, account)
    theirs = sign_in_as(app.test_client(), joao())
    assert client.get("/account/sessions/others").text.count("<li>") >= 3
    post(client, "/account/sessions/others")
    live = db.session.scalars(select(BrowserSession.id).where(BrowserSession.ended_at.is_(None)))
    assert set(live) == {mine.id, theirs.id}
    assert len(others) == 3


def test_ending_sessions_needs_the_form_of_our_page(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    elsewhere = sign_in_as(app.test_client(), account)
    sign_in_as(client, account)
    for path in (f"/account/sessions/{elsewhere.public_id}/end", "/account/sessions/others"):
        assert client.post(path).status_code == 400
    db.session.refresh(elsewhere)
    assert elsewhere.ended_at is None


def test_an_idle_session_is_over(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account(), last_seen_at=clock.now() - timedelta(hours=1))
    assert client.get("/account").status_code == 302


def test_activity_is_paged_from_the_latest_on(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    for _n in range(30):
        record(Event.SIGN_IN_FAILED, by=Actor("system", "visitor"), account=account.public_id)
    db.session.commit()
    first = client.get("/account/activity")
    assert first.text.count("wrong password") == 25
    (older,) = [link for link in links_of(first) if "before=" in link]
    assert client.get(older).text.count("wrong password") == 5


def test_activity_shows_nobody_elses(app: Flask, client: FlaskClient) -> None:
    record(Event.PASSWORD_CHANGED, by=Actor("system", "visitor"), account=joao().public_id)
    db.session.commit()
    sign_in_as(client, an_account())
    assert "Your password was changed" not in client.get("/account/activity").text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "", "1;DROP", "\u0661"])
def test_nonsense_in_the_address_shows_the_latest(
    app: Flask, client: FlaskClient, before: str
) -> None:
    sign_in_as(client, an_account())
    response = client.get("/account/activity", query_string={"before": before})
    assert response.status_code == 200


@pytest.fixture
def stale(app: Flask) -> dict[str, object]:
    return {"authenticated_at": clock.now() - timedelta(hours=1)}


def test_a_sensitive_page_asks_for_the_password_and_comes_back(
    app: Flask, client: FlaskClient, stale: dict[str, object]
) -> None:
    session = sign_in_as(client, an_account(), **stale)
    before = client.get_cookie(cookie_name())
    with app.test_request_context("/account/data?x=1"):
        g.browser_session = session
        response = reauthentication.required(lambda: "shown")()
    assert response.location == "/account/confirm?next=/account/data?x%3D1"  # type: ignore[union-attr]
    answer = post(client, "/account/confirm?next=/account/security", {"password": PASSWORD})
    assert answer.location == "/account/security"
    db.session.refresh(session)
    assert clock.now() - session.authenticated_at < timedelta(minutes=1)
    after = client.get_cookie(cookie_name())
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert client.get("/account").status_code == 200


def test_a_wrong_password_confirms_nothing(
    app: Flask, client: FlaskClient, stale: dict[str, object]
) -> None:
    session = sign_in_as(client, an_account(), **stale)
    for password in ("", "wrong", "x" * 10_000):
        response = post(client, "/account/confirm", {"password": password})
        assert response.status_code == 422
        assert list(errors_of(response)) == ["password"]
    db.session.refresh(session)
    assert clock.now() - session.authenticated_at > timedelta(minutes=1)


def test_confirming_goes_to_no_foreign_place(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    path = "/account/confirm?next=//evil.example"
    assert post(client, path, {"password": PASSWORD}).location == "/"


def test_whoever_has_proven_nothing_yet_is_shown_the_way(app: Flask, client: FlaskClient) -> None:
    account = an_account(assurance=Assurance.DECLARED)
    sign_in_as(client, account)
    assert "/account/proof" in links_of(client.get("/account"))
    account.assurance = Assurance.PROVEN
    db.session.commit()
    assert "/account/proof" not in links_of(client.get("/account"))
