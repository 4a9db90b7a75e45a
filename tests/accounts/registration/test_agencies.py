"""Agencies: what they state, what staff decide, and the way between the kinds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.data import erasure
from idp.accounts.models import Account, AccountKind
from idp.accounts.registration import agencies, conversion
from idp.accounts.registration.errors import AgencyReviewed
from idp.accounts.registration.models import Agency, CreciState
from idp.audit import Actor, history_of
from idp.errors import NotAllowed, NotFound
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render
from idp.terms import Terms
from idp.terms.models import TermsAcceptance
from tests.browsing import errors_of, post, sign_in_as, values_of
from tests.factories.accounts import MARIA, an_account
from tests.factories.registration import AGENCY, an_agency

STATED = {**AGENCY, "accept_statement": "yes"}
REVIEWER = Actor("staff", "m_1")


@pytest.fixture
def maria(app: Flask, client: FlaskClient, under_profile: Callable[[str], None]) -> Account:
    under_profile("br-portal")
    account = an_account(MARIA)
    sign_in_as(client, account)
    return account


def agency() -> Agency:
    return db.session.scalars(select(Agency)).one()


def kind_of(account: Account) -> AccountKind:
    db.session.refresh(account)
    return account.kind


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def events(account: Account) -> list[str]:
    return [each.event for each in history_of("account", account.public_id)]


def test_a_customer_becomes_an_agency_and_a_customer_again(
    client: FlaskClient, maria: Account
) -> None:
    assert "/account/kind/agency" in client.get("/account/kind").text
    answer = post(client, "/account/kind/agency", STATED)
    assert (answer.status_code, answer.location) == (303, "/account/kind")
    assert kind_of(maria) is AccountKind.AGENCY
    assert agency().creci_state is CreciState.WAITING
    shown = client.get("/account/kind?lang=en").text
    assert "Avenida Paulista, 1000" in shown
    assert "comparing your CRECI number" in shown
    assert post(client, "/account/kind/customer").location == "/account/kind"
    assert kind_of(maria) is AccountKind.CUSTOMER
    assert db.session.scalars(select(Agency)).all() == []
    assert [each.template for each in mails()] == ["registration_kind_changed"] * 2
    assert events(maria)[:2] == ["account.kind_changed"] * 2


def test_the_statement_is_accepted_on_record(client: FlaskClient, maria: Account) -> None:
    answer = post(client, "/account/kind/agency", AGENCY)
    assert list(errors_of(answer)) == ["accept_statement"]
    assert values_of(answer)["trade_name"] == AGENCY["trade_name"]
    assert db.session.scalars(select(TermsAcceptance)).all() == []
    post(client, "/account/kind/agency?lang=pt-BR", STATED)
    accepted = db.session.scalars(select(TermsAcceptance)).one()
    assert (accepted.terms, accepted.locale) == (Terms.AGENCY, "pt-BR")


def test_an_agency_corrects_what_it_said_and_is_reviewed_again(
    client: FlaskClient, maria: Account
) -> None:
    an_agency(maria, creci_state=CreciState.REFUSED, refusal="Unknown number")
    assert "Unknown number" in client.get("/account/kind").text
    assert values_of(client.get("/account/kind/agency"))["creci"] == "12345-J"
    post(client, "/account/kind/agency", {**STATED, "creci": "54321-J"})
    found = agency()
    assert (found.creci, found.creci_state, found.refusal) == ("54321-J", CreciState.WAITING, "")
    assert found.version == 2
    assert events(maria)[0] == "agency.stated"
    assert mails() == []


@pytest.mark.parametrize("path", ["/account/kind/agency", "/account/kind/customer"])
def test_changing_the_kind_asks_for_the_password_again(
    app: Flask, client: FlaskClient, under_profile: Callable[[str], None], path: str
) -> None:
    under_profile("br-portal")
    account = an_agency(an_account(MARIA))
    long_ago = clock.now() - timedelta(days=365)
    sign_in_as(client, account, authenticated_at=long_ago)
    assert client.get(path).location == f"/account/confirm?next={path}"
    sent = post(client, path, STATED, form_path="/account/confirm")
    assert sent.location.startswith("/account/confirm")
    assert kind_of(account) is AccountKind.AGENCY


def test_strangers_sign_in_first(client: FlaskClient) -> None:
    for path in ("/account/kind", "/account/kind/agency", "/account/kind/customer"):
        assert client.get(path).location.startswith("/login")


def test_markets_without_agencies_have_no_such_page(
    app: Flask, client: FlaskClient, under_profile: Callable[[str], None]
) -> None:
    under_profile("lt-business")
    sign_in_as(client, an_account("lt:code:304151376"))
    assert client.get("/account/kind").status_code == 404
    assert client.get("/account/kind/agency").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trade_name", ""),
        ("trade_name", "x" * 121),
        ("trade_name", "Lar https://evil.example/win"),
        ("trade_name", "<script>alert(1)</script>"),
        ("responsible", "Maria\x1b[2J"),
        ("postal_code", "0131010"),
        ("postal_code", "０１３１０１００"),
        ("state", "XX"),
        ("state", "sp"),
        ("city", ""),
        ("creci", "none"),
        ("creci", "1" * 33),
        ("creci", "' OR 1=1 --"),
    ],
)
def test_bad_values_are_named_at_their_field(
    client: FlaskClient, maria: Account, field: str, value: str
) -> None:
    answer = post(client, "/account/kind/agency", {**STATED, field: value})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == [field]
    assert "<script>alert" not in answer.text
    assert db.session.scalars(select(Agency)).all() == []


@pytest.mark.parametrize("typed", ["01310100", "01310-100", "01.310-100", " 01310 100 "])
def test_a_postal_code_is_taken_as_it_is_pasted(
    client: FlaskClient, maria: Account, typed: str
) -> None:
    post(client, "/account/kind/agency", {**STATED, "postal_code": typed})
    assert agency().postal_code == "01310-100"


def test_staff_confirm_and_the_person_is_told(app: Flask, maria: Account) -> None:
    an_agency(maria)
    agencies.confirm(maria.public_id, version=1, by=REVIEWER, at=clock.now())
    assert agency().creci_state is CreciState.CONFIRMED
    (mail,) = mails()
    assert (mail.template, mail.recipient_address) == ("registration_creci_confirmed", maria.email)
    assert "/account/kind" in render(mail).text
    assert events(maria)[0] == "creci.confirmed"


def test_staff_refuse_with_a_reason_that_the_person_reads(app: Flask, maria: Account) -> None:
    an_agency(maria)
    at = clock.now()
    agencies.refuse(maria.public_id, version=1, reason="<b>Expired</b>", by=REVIEWER, at=at)
    assert agency().creci_state is CreciState.REFUSED
    (mail,) = mails()
    assert "<b>Expired</b>" in render(mail).text
    assert "<b>" not in render(mail).html.partition("<body")[2].replace("<body", "")


def test_nobody_decides_on_what_they_have_not_seen(app: Flask, maria: Account) -> None:
    an_agency(maria, version=3)
    at = clock.now()
    for version in (0, 2, 4):
        with pytest.raises(AgencyReviewed):
            agencies.confirm(maria.public_id, version=version, by=REVIEWER, at=at)
    agencies.confirm(maria.public_id, version=3, by=REVIEWER, at=at)
    with pytest.raises(AgencyReviewed):
        agencies.refuse(maria.public_id, version=3, reason="no", by=REVIEWER, at=at)
    with pytest.raises(NotFound):
        agencies.get("a_unknown")


def test_a_locked_account_changes_nothing(app: Flask, maria: Account) -> None:
    maria.locked_at = clock.now()
    db.session.commit()
    with pytest.raises(NotAllowed):
        conversion.to_agency(maria, AGENCY, locale="en", at=clock.now())


def test_an_erased_account_leaves_no_agency(app: Flask, maria: Account) -> None:
    an_agency(maria)
    erasure.erase(maria, by=maria.actor, at=clock.now())
    assert db.session.scalars(select(Agency)).all() == []


@pytest.mark.parametrize("kind", ["agency", "customer"])
@pytest.mark.parametrize("locale", ["en", "pt-BR"])
def test_the_mail_about_the_kind_says_which(app: Flask, kind: str, locale: str) -> None:
    account = an_account(locale=locale)
    conversion._become(account, AccountKind(kind))
    (mail,) = mails()
    assert "/account/kind" in render(mail).text
    assert render(mail).subject
