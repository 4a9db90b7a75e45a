"""Signing in with a second factor, and without one that is asked for."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.factors import pending
from idp.accounts.factors.models import PasskeyChallenge, PendingSignIn
from idp.accounts.locking import lock
from idp.accounts.passwords import hash_password
from idp.accounts.passwords.services import set_password
from idp.audit import Actor
from idp.extensions import db
from tests.accounts.factors import habits
from tests.accounts.factors.habits import (
    FACTOR,
    events,
    give_code,
    give_passkey,
    give_password,
    mails,
    sessions_of,
    sign_in_by_passkey,
)
from tests.browsing import errors_of, heading_of, post
from tests.factories.accounts import an_account, joao
from tests.factories.factors import Authenticator, a_code, a_passkey, an_app, some_codes

STAFF = Actor("staff", "t_somebody")


def test_after_the_password_the_factor_is_asked_for_and_nobody_is_signed_in_yet(
    client: FlaskClient,
) -> None:
    account = an_account()
    an_app(account)
    answer = give_password(client, "/login?next=/account/activity")
    assert answer.headers["Location"] == "/login/factor?next=/account/activity"
    assert sessions_of(account) == []
    assert client.get("/account").headers["Location"].startswith("/login")


def test_the_code_of_the_app_signs_in_and_goes_on(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    give_password(client)
    answer = post(client, f"{FACTOR}?next=/account/activity", {"code": a_code()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/activity")
    assert [each.amr for each in sessions_of(account)] == [["pwd", "otp"]]


def test_a_code_with_the_space_that_apps_show_is_right(client: FlaskClient) -> None:
    an_app(an_account())
    give_password(client)
    code = a_code()
    assert give_code(client, f" {code[:3]} {code[3:]} ").status_code == 303


def test_a_recovery_code_signs_in_once_and_is_told(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    codes = some_codes(account)
    give_password(client)
    assert give_code(client, codes[0].upper().replace("-", " ")).status_code == 303
    assert sessions_of(account)[0].amr == ["pwd", "otp"]
    assert "factor_code_used" in mails()
    assert events("recovery_code.used")[0].data["left"] == 9
    other = client.application.test_client()
    give_password(other)
    assert give_code(other, codes[0]).status_code == 422
    assert give_code(other, codes[1]).status_code == 303


@pytest.mark.parametrize("synced", [True, False])
def test_a_passkey_signs_in_after_the_password(client: FlaskClient, synced: bool) -> None:
    account, device = an_account(), Authenticator(synced=synced, verifies=False)
    a_passkey(account, device)
    give_password(client)
    assert give_passkey(client, device).status_code == 303
    assert sessions_of(account)[0].amr == ["pwd", "swk" if synced else "hwk"]


def test_a_passkey_alone_signs_in_whoever_has_it(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator()
    passkey = a_passkey(account, device)
    joao()
    assert sign_in_by_passkey(client, device).status_code == 303
    assert sessions_of(account)[0].amr == ["hwk"]
    db.session.refresh(passkey)
    assert passkey.last_used_at is not None
    assert passkey.sign_count == 1


def test_a_passkey_that_does_not_verify_its_holder_is_no_way_in_alone(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator(verifies=False)
    a_passkey(account, device)
    refused = sign_in_by_passkey(client, device)
    assert refused.status_code == 422
    assert errors_of(refused)[""] == "The passkey could not be checked. Please try again."
    assert sessions_of(account) == []


def test_a_passkey_that_never_counts_works_again_and_again(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator(counts=None)
    a_passkey(account, device)
    for _time in range(2):
        assert sign_in_by_passkey(client.application.test_client(), device).status_code == 303
    assert len(sessions_of(account)) == 2


def test_a_copied_passkey_is_refused_and_on_record(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator(counts=5)
    passkey = a_passkey(account, device)
    device.counts = 4
    assert sign_in_by_passkey(client, device).status_code == 422
    assert events("passkey.copied")[0].data["passkey"] == passkey.public_id
    assert sessions_of(account) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost"},
        {"rp_id": "evil.example"},
        {"user_handle": b"a_somebody_else"},
    ],
)
def test_an_answer_from_elsewhere_is_refused(
    client: FlaskClient, changes: dict[str, object]
) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account, device)
    for name, value in changes.items():
        setattr(device, name, value)
    assert sign_in_by_passkey(client, device).status_code == 422
    assert sessions_of(account) == []


def test_an_answer_by_another_key_is_refused(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account, device)
    device.key = Authenticator().key
    assert sign_in_by_passkey(client, device).status_code == 422
    assert sessions_of(account) == []


def test_an_answer_works_once(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator(counts=None)
    a_passkey(account, device)
    asked = habits.challenge(client, "/login/passkey/challenge", form_path="/login")
    answer = {"credential": device.get(asked)}
    assert post(client, "/login/passkey", answer, form_path="/login").status_code == 303
    again = post(client, "/login/passkey", answer, form_path="/login?again=1")
    assert again.status_code == 422
    assert len(sessions_of(account)) == 1


def test_an_answer_is_good_in_the_browser_that_was_asked_alone(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account, device)
    asked = habits.challenge(client, "/login/passkey/challenge", form_path="/login")
    stolen = {"credential": device.get(asked)}
    thief = client.application.test_client()
    habits.challenge(thief, "/login/passkey/challenge", form_path="/login")
    assert post(thief, "/login/passkey", stolen, form_path="/login").status_code == 422
    assert sessions_of(account) == []


def test_an_answer_that_comes_late_is_refused(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account, device)
    asked = habits.challenge(client, "/login/passkey/challenge", form_path="/login")
    row = db.session.scalars(select(PasskeyChallenge)).one()
    assert row.expires_at - row.created_at == timedelta(minutes=5)
    row.expires_at = clock.now()
    db.session.commit()
    answer = {"credential": device.get(asked)}
    assert post(client, "/login/passkey", answer, form_path="/login").status_code == 422
    assert sessions_of(account) == []


def test_an_answer_to_one_question_is_none_to_another(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator(verifies=False)
    a_passkey(account, device)
    give_password(client)
    asked = habits.challenge(client, f"{FACTOR}/passkey/challenge", form_path=FACTOR)
    answer = {"credential": device.get(asked)}
    assert post(client, "/login/passkey", answer, form_path="/login").status_code == 422
    assert sessions_of(account) == []


def test_somebody_elses_passkey_is_no_second_factor(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account)
    a_passkey(joao(), device)
    give_password(client)
    assert give_passkey(client, device).status_code == 422
    assert sessions_of(account) == []


def test_the_cookie_of_a_sign_in_that_waits_opens_nothing_else(client: FlaskClient) -> None:
    an_app(an_account())
    give_password(client)
    cookie = client.get_cookie(pending.cookie_name())
    assert cookie is not None
    assert cookie.http_only
    thief = client.application.test_client()
    for name in ("session_token", "pending_token"):
        thief.set_cookie(name, cookie.value)
    assert thief.get("/account").headers["Location"].startswith("/login")


def test_a_sign_in_that_waits_is_of_one_browser_and_ends_with_the_next(client: FlaskClient) -> None:
    maria = an_account()
    an_app(maria)
    give_password(client)
    first = client.get_cookie(pending.cookie_name())
    assert first is not None
    give_password(client)
    client.set_cookie(pending.cookie_name(), first.value)
    assert client.get(FACTOR).headers["Location"] == "/login"


def test_a_sign_in_that_waited_is_used_up_by_the_factor(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    codes = some_codes(account)
    give_password(client)
    waiting = client.get_cookie(pending.cookie_name())
    assert waiting is not None
    assert give_code(client, a_code()).status_code == 303
    thief = client.application.test_client()
    thief.set_cookie(pending.cookie_name(), waiting.value)
    answer = post(thief, FACTOR, {"code": codes[0]}, form_path="/login")
    assert answer.headers["Location"] == "/login"
    assert len(sessions_of(account)) == 1


def test_a_sign_in_waits_for_ten_minutes(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    give_password(client)
    row = db.session.scalars(select(PendingSignIn)).one()
    assert row.expires_at - row.created_at == timedelta(minutes=10)
    row.expires_at = clock.now()
    db.session.commit()
    answer = post(client, FACTOR, {"code": a_code()}, form_path="/login")
    assert answer.headers["Location"] == "/login"
    assert sessions_of(account) == []


@pytest.mark.parametrize("what", ["password", "lock"])
def test_a_sign_in_that_waits_ends_with_the_password_and_with_the_account(
    client: FlaskClient, what: str
) -> None:
    account = an_account()
    an_app(account)
    give_password(client)
    if what == "password":
        set_password(account, hash_password("another one"), by=account.actor, at=clock.now())
    else:
        lock(account, by=STAFF, at=clock.now(), reason="asked for")
    db.session.commit()
    answer = post(client, FACTOR, {"code": a_code()}, form_path="/login")
    assert answer.headers["Location"] == "/login"
    assert sessions_of(account) == []


def test_a_locked_account_is_not_opened_by_its_passkey(client: FlaskClient) -> None:
    account, device = an_account(), Authenticator()
    a_passkey(account, device)
    lock(account, by=STAFF, at=clock.now(), reason="asked for")
    db.session.commit()
    assert sign_in_by_passkey(client, device).status_code == 422
    assert sessions_of(account) == []


def test_a_new_password_does_not_replace_the_factor(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    set_password(account, hash_password("a whole new password"), by=account.actor, at=clock.now())
    db.session.commit()
    answer = give_password(client, password="a whole new password")
    assert answer.headers["Location"] == "/login/factor"
    assert sessions_of(account) == []


def test_a_wrong_code_is_told_beside_the_field_and_on_record(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    give_password(client)
    refused = give_code(client, "000000" if a_code() != "000000" else "000001")
    assert refused.status_code == 422
    assert errors_of(refused)["code"].startswith("This code is not right")
    assert events("factor.failed")[0].account == account.public_id
    assert give_code(client, "").status_code == 422


def test_guessing_codes_is_slowed_down_whatever_browser_it_comes_from(client: FlaskClient) -> None:
    an_app(an_account())
    for _browser in range(2):
        client.delete_cookie(pending.cookie_name())
        give_password(client)
        for _time in range(5):
            assert give_code(client, "nonsense").status_code == 422
    refused = give_code(client, a_code())
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 60


def test_one_waiting_sign_in_bears_ten_tries(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "FACTOR_ATTEMPTS_PER_IDENTIFIER", 1000)
    an_app(an_account())
    give_password(client)
    for _time in range(pending.MAXIMUM_TRIES):
        give_code(client, "nonsense")
    answer = post(client, FACTOR, {"code": a_code()}, form_path="/login")
    assert answer.headers["Location"] == "/login"


def test_a_remembered_browser_is_not_asked_for_thirty_days(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    give_password(client)
    give_code(client, a_code(), remember_device="yes")
    client.delete_cookie("session_token")
    assert give_password(client).headers["Location"] == "/"
    assert sessions_of(account)[-1].amr == ["pwd"]
    elsewhere = client.application.test_client()
    assert give_password(elsewhere).headers["Location"] == "/login/factor"


def test_a_browser_is_not_remembered_unless_asked(client: FlaskClient) -> None:
    an_app(an_account())
    give_password(client)
    give_code(client, a_code())
    client.delete_cookie("session_token")
    assert give_password(client).headers["Location"] == "/login/factor"


def test_who_lost_the_factor_reads_what_to_do(client: FlaskClient) -> None:
    page = client.get("/login/factor/lost?next=/account")
    assert heading_of(page) == "You can't use your second factor"
    assert "ajuda@outorga.test" in page.text


def test_without_a_sign_in_that_waits_the_page_leads_to_the_beginning(client: FlaskClient) -> None:
    assert client.get(f"{FACTOR}?next=/account").headers["Location"] == "/login?next=/account"
    evil = client.get(f"{FACTOR}?next=https://evil.example/")
    assert evil.headers["Location"] == "/login"


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "x",
        "null",
        "[]",
        "{}",
        '{"rawId":"AA","response":{}}',
        '{"rawId":"AA","response":{"clientDataJSON":"e30"}}',
        '{"rawId":"AA","id":"AA","response":{"clientDataJSON":"eyJjaGFsbGVuZ2UiOiJBQSJ9"}}',
        "[" * 5000,
        "9" * 5000,
        "x" * 20_000,
    ],
)
def test_whatever_is_sent_as_an_answer_is_refused_alike(
    client: FlaskClient, credential: str
) -> None:
    refused = post(client, "/login/passkey", {"credential": credential}, form_path="/login")
    assert refused.status_code == 422
