"""Getting into the console, and every way of not getting in."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.admin import sessions
from idp.admin.models import StaffMember, StaffSession
from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.extensions import db
from tests.browsing import errors_of, heading_of, post, sign_in_as, values_of
from tests.conftest import make_app
from tests.factories.accounts import an_account
from tests.factories.admin import PASSWORD, a_code, a_member, sign_in_staff

EMAIL = "ana@utility.example"


def give_password(
    client: FlaskClient, email: str = EMAIL, password: str = PASSWORD
) -> TestResponse:
    return post(client, "/admin/login", {"email": email, "password": password})


def give_code(client: FlaskClient, code: str) -> TestResponse:
    return post(client, "/admin/login/factor", {"code": code})


def events(kind: Event) -> list[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.event == kind.value).order_by(AuditEvent.id)
    return list(db.session.scalars(query))


def test_password_and_code_open_the_console(client: FlaskClient) -> None:
    member = a_member()
    answer = give_password(client)
    assert (answer.status_code, answer.location) == (303, "/admin/login/factor")
    answer = give_code(client, a_code())
    assert (answer.status_code, answer.location) == (303, "/admin/")
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "Ana Lima" in page.text
    assert [event.actor for event in events(Event.STAFF_SIGN_IN_SUCCEEDED)] == [str(member.actor)]


def test_the_address_is_found_however_it_is_capitalised(client: FlaskClient) -> None:
    a_member()
    assert give_password(client, " ANA@Utility.Example ").status_code == 303


@pytest.mark.parametrize("case", ["wrong", "unknown", "disabled"])
def test_wrong_unknown_and_disabled_get_one_answer(client: FlaskClient, case: str) -> None:
    member = a_member()
    if case == "disabled":
        member.disabled_at = clock.now()
        db.session.commit()
    email = "nobody@utility.example" if case == "unknown" else EMAIL
    password = "not the password at all" if case == "wrong" else PASSWORD
    answer = give_password(client, email, password)
    assert answer.status_code == 422
    assert errors_of(answer) == {"": "E-mail or password is not right. Check both and try again."}
    assert values_of(answer) == {"email": email, "password": ""}
    assert sessions.cookie_name() not in answer.headers.get("Set-Cookie", "")


def test_an_unknown_address_costs_one_verification_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_member()
    seen: list[str | None] = []
    monkeypatch.setattr(
        "idp.accounts.passwords.verify", lambda hashed, _typed: seen.append(hashed) or False
    )
    give_password(client)
    give_password(client, "nobody@utility.example")
    assert len(seen) == 2
    assert seen[0] is not None
    assert seen[1] is None


def test_each_refusal_is_on_record_without_the_address(client: FlaskClient) -> None:
    member = a_member()
    give_password(client, password="wrong")
    give_password(client, "nobody@utility.example")
    refused = events(Event.STAFF_SIGN_IN_FAILED)
    assert [event.actor for event in refused] == [str(member.actor), "staff:unknown"]
    assert all("@" not in str(event.data) for event in refused)
    assert refused[0].data["step"] == "password"


def test_too_many_passwords_for_one_member_are_refused_even_when_right(
    client: FlaskClient,
) -> None:
    a_member()
    for _ in range(5):
        assert give_password(client, password="wrong").status_code == 422
    answer = give_password(client)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert values_of(answer)["email"] == EMAIL


def test_too_many_passwords_from_one_address_are_refused(client: FlaskClient) -> None:
    for number in range(30):
        assert give_password(client, f"person{number}@utility.example").status_code == 422
    assert give_password(client, "another@utility.example").status_code == 429


def test_a_wrong_code_is_refused_and_on_record(client: FlaskClient) -> None:
    a_member()
    give_password(client)
    wrong = f"{(int(a_code()) + 1) % 1000000:06d}"
    answer = give_code(client, wrong)
    assert answer.status_code == 422
    assert "code" in errors_of(answer)
    assert wrong not in answer.text
    assert events(Event.STAFF_SIGN_IN_FAILED)[0].data["step"] == "code"


def test_a_code_that_was_used_is_refused(app: Flask, client: FlaskClient) -> None:
    a_member()
    code = a_code()
    give_password(client)
    assert give_code(client, code).status_code == 303
    other = app.test_client()
    give_password(other)
    assert give_code(other, code).status_code == 422


def test_too_many_codes_are_refused_even_when_right(client: FlaskClient) -> None:
    a_member()
    give_password(client)
    wrong = f"{(int(a_code()) + 1) % 1000000:06d}"
    for _ in range(5):
        assert give_code(client, wrong).status_code == 422
    assert give_code(client, a_code()).status_code == 429


def test_the_page_for_the_code_is_closed_to_strangers(client: FlaskClient) -> None:
    answer = client.get("/admin/login/factor")
    assert (answer.status_code, answer.location) == (303, "/admin/login")


def test_half_a_sign_in_ends_by_itself(client: FlaskClient) -> None:
    member = a_member()
    at = clock.now() - timedelta(minutes=6)
    sign_in_staff(
        client,
        member,
        second_factor=False,
        created_at=at,
        last_seen_at=at,
        expires_at=at + sessions.CODE_WAIT,
    )
    assert client.get("/admin/login/factor").location == "/admin/login"


def test_half_a_sign_in_of_a_member_shut_out_meanwhile_is_worth_nothing(
    client: FlaskClient,
) -> None:
    member = a_member()
    sign_in_staff(client, member, second_factor=False)
    member.disabled_at = clock.now()
    db.session.commit()
    assert client.get("/admin/login/factor").location == "/admin/login"


def test_the_cookie_changes_with_the_code(client: FlaskClient) -> None:
    a_member()
    give_password(client)
    before = client.get_cookie(sessions.cookie_name())
    give_code(client, a_code())
    after = client.get_cookie(sessions.cookie_name())
    assert before is not None
    assert after is not None
    assert before.value != after.value
    client.set_cookie(sessions.cookie_name(), before.value)
    assert client.get("/admin/").location == "/admin/login"


def test_a_session_ends_after_a_quarter_of_an_hour_unused(client: FlaskClient) -> None:
    at = clock.now() - sessions.IDLE - timedelta(seconds=1)
    sign_in_staff(client, a_member(), last_seen_at=at)
    assert client.get("/admin/").location == "/admin/login"


def test_a_session_ends_after_a_working_day_in_any_case(client: FlaskClient) -> None:
    at = clock.now()
    sign_in_staff(client, a_member(), expires_at=at - timedelta(seconds=1))
    assert client.get("/admin/").location == "/admin/login"


def test_a_member_who_is_shut_out_is_out_at_once(client: FlaskClient) -> None:
    member = a_member()
    sign_in_staff(client, member)
    assert client.get("/admin/").status_code == 200
    member.disabled_at = clock.now()
    db.session.commit()
    assert client.get("/admin/").location == "/admin/login"


def test_signing_out_ends_the_session_and_is_on_record(client: FlaskClient) -> None:
    staff_session = sign_in_staff(client, a_member())
    cookie = client.get_cookie(sessions.cookie_name())
    answer = post(client, "/admin/logout", form_path="/admin/")
    assert (answer.status_code, answer.location) == (303, "/admin/login")
    assert client.get_cookie(sessions.cookie_name()) is None
    assert db.session.get_one(StaffSession, staff_session.id).ended_at is not None
    assert cookie is not None
    client.set_cookie(sessions.cookie_name(), cookie.value)
    assert client.get("/admin/").location == "/admin/login"
    assert len(events(Event.STAFF_SIGNED_OUT)) == 1


@pytest.mark.parametrize(
    "path", ["/admin/login", "/admin/login/factor", "/admin/logout", "/admin/"]
)
def test_nothing_is_done_without_the_form_of_our_own_page(client: FlaskClient, path: str) -> None:
    sign_in_staff(client, a_member())
    answer = client.post(path, data={"email": EMAIL, "password": PASSWORD, "code": a_code()})
    assert answer.status_code == 400
    assert "csrf_failed" in answer.text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "", "password": ""},
        {"email": "\x00", "password": "\x00"},
        {"email": "ana@utility.example\x00", "password": "x" * 100_000},
        {"email": "' OR 1=1 --", "password": "<script>alert(1)</script>"},
        {"email": "é" * 300, "password": "日本"},
        {"email": ["a", "b"], "password": ["a", "b"]},
    ],
)
def test_whatever_is_posted_gets_a_page_and_no_secret_back(
    client: FlaskClient, data: dict[str, str]
) -> None:
    a_member()
    answer = post(client, "/admin/login", data)
    assert answer.status_code == 422
    assert errors_of(answer)
    assert values_of(answer)["password"] == ""


@pytest.mark.parametrize("code", ["", "\x00", "é" * 300, "x" * 100_000, "١٢٣٤٥٦", "000 000 000"])
def test_whatever_is_typed_for_a_code_gets_a_page(client: FlaskClient, code: str) -> None:
    sign_in_staff(client, a_member(), second_factor=False)
    answer = give_code(client, code)
    assert answer.status_code == 422
    assert "code" in errors_of(answer)


def test_a_megabyte_is_refused(client: FlaskClient) -> None:
    answer = client.post("/admin/login", data={"email": "x" * 1_000_000, "password": "x"})
    assert answer.status_code == 413


def test_the_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(
    migrated_app: Flask, app: Flask
) -> None:
    secure = make_app(app.config["DATABASE_URL"], issuer="https://id.example")
    with secure.app_context():
        assert sessions.cookie_name() == "__Host-staff"
    client = app.test_client()
    a_member()
    cookie = give_password(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_customer_session_opens_nothing_here(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert client.get("/admin/").location == "/admin/login"


def test_the_page_says_what_it_is(client: FlaskClient) -> None:
    assert heading_of(client.get("/admin/login")) == "Staff sign-in"


def test_a_new_password_step_leaves_a_signed_in_member_signed_out(client: FlaskClient) -> None:
    """Whoever starts again on this browser must finish: the earlier session is over."""
    member = a_member()
    sign_in_staff(client, member)
    give_password(client)
    assert client.get("/admin/").location == "/admin/login/factor"
    live = db.session.scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))).all()
    assert [each.second_factor_at for each in live] == [None]


def test_the_last_step_is_kept_on_the_member(client: FlaskClient) -> None:
    member = a_member()
    give_password(client)
    give_code(client, a_code())
    assert db.session.get_one(StaffMember, member.id).last_totp_step > 0
