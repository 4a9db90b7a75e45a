"""Sign in and out through the pages."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock, headers
from idp.accounts.models import BrowserSession
from idp.accounts.sessions import cookie_name
from idp.accounts.sign_in import page as sign_in_page
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.taxids import AmbiguousTaxId, MalformedTaxId, parse
from tests.browsing import csrf_token, errors_of, heading_of, post, sign_in_as, values_of
from tests.factories.accounts import PASSWORD, an_account, joao

FAILURE = (
    "The tax id, the e-mail address or the password is not right. If you use one address for "
    "several accounts, sign in with the tax id."
)
MARIA = {"identifier": "529.982.247-25", "password": PASSWORD}


def live_sessions() -> list[BrowserSession]:
    return list(db.session.scalars(select(BrowserSession).where(BrowserSession.ended_at.is_(None))))


def test_somebody_who_knows_the_password_is_signed_in(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    response = post(client, "/login", MARIA)
    assert (response.status_code, response.location) == (303, "/")
    assert [each.account_id for each in live_sessions()] == [account.id]
    assert client.get("/account").status_code == 200


def test_the_tax_id_may_be_typed_without_punctuation(app: Flask, client: FlaskClient) -> None:
    an_account()
    response = post(client, "/login", {**MARIA, "identifier": " 52998224725 "})
    assert response.status_code == 303


def test_sign_in_goes_on_to_where_the_person_wanted_to_go(app: Flask, client: FlaskClient) -> None:
    an_account()
    first = client.get("/account/sessions")
    assert first.status_code == 302
    response = post(client, first.location, MARIA)
    assert response.location == "/account/sessions"


def test_a_malformed_tax_id_is_told_apart_before_the_password_is_looked_at(
    client: FlaskClient,
) -> None:
    response = post(client, "/login", {"identifier": "529.982.247-26", "password": "x"})
    assert response.status_code == 422
    assert list(errors_of(response)) == ["identifier"]
    assert "typing error" in errors_of(response)["identifier"]
    assert values_of(response)["identifier"] == "529.982.247-26"


def test_missing_fields_are_named(client: FlaskClient) -> None:
    response = post(client, "/login", {})
    assert response.status_code == 422
    assert list(errors_of(response)) == ["identifier", "password"]


def test_a_number_of_several_countries_asks_for_the_country(
    app: Flask, client: FlaskClient
) -> None:
    number = ambiguous_number()
    an_account(tax_id=f"pt:nif:{number}")
    first = post(client, "/login", {"identifier": number, "password": PASSWORD})
    assert first.status_code == 422
    assert "Portugal" in first.text
    assert "Lithuania" in first.text
    data = {"identifier": number, "password": PASSWORD, "tax_id_country": "pt"}
    assert post(client, "/login", data).status_code == 303


def ambiguous_number() -> str:
    for number in range(300_000_000, 300_100_000):
        try:
            parse(str(number), ("pt:nif", "lt:code"))
        except AmbiguousTaxId:
            return str(number)
        except MalformedTaxId:
            continue
    raise AssertionError


def test_a_wrong_password_is_refused_and_leaves_a_trace(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    response = post(client, "/login", {**MARIA, "password": "wrong"})
    assert response.status_code == 422
    assert errors_of(response) == {"": FAILURE}
    assert "wrong" not in response.text.split("</head>")[1].replace("field-wrong", "")
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.event, event.account) == ("sign_in.failed", account.public_id)


def test_a_locked_account_is_refused_like_a_wrong_password(app: Flask, client: FlaskClient) -> None:
    an_account(locked_at=clock.now())
    response = post(client, "/login", MARIA)
    assert response.status_code == 422
    assert errors_of(response) == {"": FAILURE}


def test_the_cookie_of_before_sign_in_is_worth_nothing_afterwards(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    client.set_cookie(cookie_name(), "planted by somebody else")
    post(client, "/login", MARIA)
    cookie = client.get_cookie(cookie_name())
    assert cookie is not None
    assert cookie.value != "planted by somebody else"


def test_the_csrf_secret_of_before_sign_in_is_worth_nothing_afterwards(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    planted = csrf_token(client, "/login")
    client.post("/login", data={**MARIA, "csrf_token": planted})
    response = client.post("/sign-out", data={"csrf_token": planted})
    assert response.status_code == 400


def test_a_session_planted_by_another_person_ends_when_somebody_signs_in(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    planted = sign_in_as(client, joao())
    post(client, "/login?again=1", MARIA)
    db.session.refresh(planted)
    assert planted.ended_at is not None
    assert "Maria" in client.get("/account").text


def test_a_post_without_csrf_token_is_refused(app: Flask, client: FlaskClient) -> None:
    an_account()
    assert client.post("/login", data=MARIA).status_code == 400
    assert live_sessions() == []


def test_whoever_is_signed_in_goes_on_at_once(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    response = client.get("/login?next=/account/activity")
    assert (response.status_code, response.location) == (303, "/account/activity")


def test_signing_in_again_makes_a_new_session_with_a_new_time(
    app: Flask, client: FlaskClient
) -> None:
    earlier = sign_in_as(client, an_account())
    page = client.get("/login?again=1&next=/account")
    assert page.status_code == 200
    assert values_of(page)["identifier"] == "529.982.247-25"
    post(client, "/login?again=1&next=/account", MARIA)
    (session,) = live_sessions()
    assert session.id != earlier.id
    assert session.authenticated_at > earlier.authenticated_at


def test_signing_out_ends_the_session_in_the_database(app: Flask, client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    response = post(client, "/sign-out", form_path="/account")
    assert (response.status_code, response.location) == (303, "/signed-out")
    assert heading_of(client.get("/signed-out")) == "You are signed out"
    db.session.refresh(session)
    assert session.ended_at is not None
    assert client.get("/account").status_code == 302


def test_signing_out_is_never_done_by_a_link(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert client.get("/sign-out").status_code == 405
    assert client.get("/account").status_code == 200


def test_an_application_that_asked_is_named_on_the_page(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def client_of(next_path: str) -> dict[str, object]:
        if not next_path.startswith("/oauth/"):
            return {}
        headers.allow_form_redirect("https://bills.example/callback")
        return {"application": {"name": "Segunda via"}, "identifier": "390.533.447-05"}

    monkeypatch.setattr(sign_in_page, "before_render", [client_of])
    page = client.get("/login?next=/oauth/authorize%3Fclient_id%3Dx")
    assert "to continue to Segunda via" in page.text
    assert values_of(page)["identifier"] == "390.533.447-05"
    assert "form-action 'self' https://bills.example" in page.headers["Content-Security-Policy"]
    assert "Segunda" not in client.get("/login").text
