"""Register in each market, page by page, as its profile says."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from config.market import PROOFS
from idp import signing
from idp.accounts.models import Account, AccountKind, Assurance, Registration
from idp.accounts.registration import prefilling, proving
from idp.accounts.registration.models import Agency, CreciState
from idp.extensions import db
from idp.mail.models import Mail
from idp.taxids import TaxId
from idp.terms import Terms
from idp.terms.models import TermsAcceptance
from tests.browsing import errors_of, heading_of, post, values_of
from tests.factories.accounts import PASSWORD, an_account
from tests.factories.registration import AGENCY_PAGES, BUSINESS, CUSTOMER_OF, NEW_PASSWORD

Under = Callable[[str], None]
MARKETS = sorted(CUSTOMER_OF)
OWN_PASSWORD = "Penki Arkliai 7 stoties"


def fill_in(
    client: FlaskClient, pages: list[dict[str, str]], kind: str = "customer"
) -> TestResponse:
    """Answer page by page; the answer to the last."""
    path = f"/register?kind={kind}"
    for number, typed in enumerate(pages, start=1):
        answer = post(client, path, {"kind": kind, **typed})
        if number < len(pages):
            path = f"/register/steps/{number + 1}"
            assert (answer.status_code, answer.location) == (303, path), errors_of(answer)
    return answer


def registration() -> Registration:
    return db.session.scalars(select(Registration)).one()


def activate(client: FlaskClient, **typed: str) -> TestResponse:
    token = signing.sign("activation", registration().public_id)
    return post(client, f"/activate/{token}", typed, form_path="/login")


def templates() -> list[str]:
    return list(db.session.scalars(select(Mail.template).order_by(Mail.id)))


@pytest.mark.parametrize("market", MARKETS)
def test_each_market_registers_its_customers(
    app: Flask, client: FlaskClient, under_profile: Under, market: str
) -> None:
    under_profile(market)
    answer = fill_in(client, CUSTOMER_OF[market])
    assert (answer.status_code, answer.location) == (303, "/register/sent")
    assert registration().kind is AccountKind.CUSTOMER
    assert templates() == ["account_activation"]
    typed = {"password": OWN_PASSWORD, "password_confirmation": OWN_PASSWORD}
    answer = activate(client, **(typed if market == "lt-business" else {}))
    assert (answer.status_code, answer.location) == (303, "/activated")
    account = db.session.scalars(select(Account)).one()
    assert account.kind is AccountKind.CUSTOMER
    assert templates() == ["account_activation", "account_activated"]


@pytest.mark.parametrize("market", MARKETS)
def test_every_page_says_where_it_stands_and_empty_ones_name_what_is_missing(
    client: FlaskClient, under_profile: Under, market: str
) -> None:
    under_profile(market)
    pages = CUSTOMER_OF[market]
    path = "/register"
    for number, typed in enumerate(pages, start=1):
        shown = client.get(f"{path}?lang=en")
        assert shown.status_code == 200
        assert (f"Step {number} of {len(pages)}" in shown.text) == (len(pages) > 1)
        assert "maxlength=" not in shown.text
        empty = post(client, path)
        assert empty.status_code == 422
        assert errors_of(empty)
        post(client, path, typed)
        path = f"/register/steps/{number + 1}"


@pytest.mark.parametrize("market", ["default", "br-portal"])
def test_an_agency_says_who_and_where_it_is_and_accepts_its_statement(
    app: Flask, client: FlaskClient, under_profile: Under, market: str
) -> None:
    under_profile(market)
    answer = fill_in(client, AGENCY_PAGES, "agency")
    assert (answer.status_code, answer.location) == (303, "/register/sent")
    assert registration().kind is AccountKind.AGENCY
    activate(client)
    agency = db.session.scalars(select(Agency)).one()
    assert agency.account.kind is AccountKind.AGENCY
    assert (agency.trade_name, agency.postal_code) == ("Lar Imóveis Ltda.", "01310-100")
    assert (agency.creci, agency.creci_state) == ("12345-J", CreciState.WAITING)
    accepted = db.session.scalars(select(TermsAcceptance).order_by(TermsAcceptance.id)).all()
    assert [each.terms for each in accepted] == [Terms.PLATFORM, Terms.AGENCY]
    assert all(each.sha256 and each.version == "2026-11" for each in accepted)


def test_the_statement_has_a_page_of_its_own_with_a_way_back(
    client: FlaskClient, under_profile: Under
) -> None:
    under_profile("br-portal")
    fill_in(client, AGENCY_PAGES[:2], "agency")
    page = client.get("/register/steps/3?lang=en")
    assert heading_of(page) == "Statement of responsibility"
    assert "What you answer for" in page.text
    assert 'href="/register/steps/2"' in page.text
    refused = post(client, "/register/steps/3", {"accept_terms": "yes"})
    assert list(errors_of(refused)) == ["accept_statement"]
    assert templates() == []


def test_only_markets_with_several_kinds_ask_for_one(
    client: FlaskClient, under_profile: Under
) -> None:
    for market, asks in {"br-portal": True, "lt-business": False, "es-managers": False}.items():
        under_profile(market)
        assert ('id="kinds"' in client.get("/register").text) is asks
    assert client.get("/register?kind=agency").location == "/register"
    assert post(client, "/register", {"kind": "agency"}).status_code == 422


def test_the_company_code_is_called_by_its_name(client: FlaskClient, under_profile: Under) -> None:
    under_profile("lt-business")
    assert "Company code" in client.get("/register?lang=en").text
    under_profile("br-portal")
    assert "CPF or CNPJ" in client.get("/register?lang=en").text


def test_first_and_last_name_become_the_name(
    app: Flask, client: FlaskClient, under_profile: Under
) -> None:
    under_profile("lt-business")
    fill_in(client, [BUSINESS])
    assert registration().name == "Ona Kazlauskienė"
    assert registration().password_hash == ""


@pytest.mark.parametrize(
    ("is_customer", "contract_number", "wrong"),
    [
        ("yes", "", ["contract_number"]),
        ("no", "", []),
        ("no", "LT-1", []),
        ("yes", "LT-1", []),
        ("", "", ["is_customer"]),
        ("maybe", "", ["is_customer"]),
    ],
)
def test_customers_know_their_contract_number(
    client: FlaskClient,
    under_profile: Under,
    is_customer: str,
    contract_number: str,
    wrong: list[str],
) -> None:
    under_profile("lt-business")
    typed = {**BUSINESS, "is_customer": is_customer, "contract_number": contract_number}
    assert list(errors_of(post(client, "/register", typed))) == wrong


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"bank_digits": "", "invoice_total": ""}, ["bank_digits"]),
        ({"bank_digits": "1234", "invoice_total": ""}, []),
        ({"bank_digits": "**** **** 1234", "invoice_total": ""}, []),
        ({"bank_digits": "", "invoice_total": "45,67 €"}, []),
        ({"bank_digits": "", "invoice_total": "R$ 1.045,67"}, []),
        ({"bank_digits": "12", "invoice_total": "45.67"}, ["bank_digits"]),
        ({"bank_digits": "12", "invoice_total": ""}, ["bank_digits"]),
        ({"bank_digits": "", "invoice_total": "much"}, ["invoice_total"]),
        ({"bank_digits": "１２３４", "invoice_total": ""}, ["bank_digits"]),
    ],
)
def test_one_fact_of_the_contract_is_needed(
    client: FlaskClient, under_profile: Under, typed: dict[str, str], wrong: list[str]
) -> None:
    under_profile("es-managers")
    answer = post(client, "/register", {"tax_id": "12345678Z", **typed})
    assert list(errors_of(answer)) == wrong
    assert answer.status_code == (422 if wrong else 303)


@pytest.mark.parametrize("market", MARKETS)
def test_whoever_was_invited_needs_no_contract(
    client: FlaskClient, under_profile: Under, market: str
) -> None:
    under_profile(market)
    with client.session_transaction() as session:
        session[prefilling.PREFILL] = {"name": "João Souza", "email": "joao@example.com"}
    pages = [
        {name: value for name, value in page.items() if name not in (*PROOFS, "is_customer")}
        for page in CUSTOMER_OF[market]
    ]
    asked = values_of(client.get("/register"))
    assert not {*PROOFS, "is_customer"} & asked.keys()
    assert fill_in(client, pages).location == "/register/sent"
    assert registration().assurance is Assurance.DECLARED


def test_a_wrong_fact_goes_on_alike(
    app: Flask, client: FlaskClient, under_profile: Under, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_profile("es-managers")
    monkeypatch.setitem(proving.proofs, "bank_digits", lambda _tax_id, typed: typed == "1234")
    first, *rest = CUSTOMER_OF["es-managers"]
    for digits in ("1234", "9999"):
        answer = fill_in(client, [{**first, "bank_digits": digits}, *rest])
        assert (answer.status_code, answer.location) == (303, "/register/sent")
    found = db.session.scalars(select(Registration.assurance).order_by(Registration.id))
    assert found.all() == [Assurance.PROVEN, Assurance.DECLARED]


def test_a_passport_needs_the_country_that_issued_it(
    app: Flask, client: FlaskClient, under_profile: Under
) -> None:
    under_profile("es-managers")
    first = {**CUSTOMER_OF["es-managers"][0], "tax_id": "C01X-00T47"}
    asked = post(client, "/register", first)
    assert list(errors_of(asked)) == ["tax_id"]
    assert '<select id="tax_id_country"' in asked.text
    for wrong in ("xx", "' OR 1=1", "DE\x00X"):
        refused = post(client, "/register", {**first, "tax_id_country": wrong})
        assert refused.status_code == 422
    fill_in(client, [{**first, "tax_id_country": "de"}, *CUSTOMER_OF["es-managers"][1:]])
    assert registration().tax_id == TaxId("de", "passport", "C01X00T47")


def test_a_company_does_not_register_where_its_representative_does(
    client: FlaskClient, under_profile: Under
) -> None:
    under_profile("es-managers")
    first = {**CUSTOMER_OF["es-managers"][0], "tax_id": "B58378431"}
    answer = post(client, "/register", {**first, "tax_id_country": "de"})
    assert list(errors_of(answer)) == ["tax_id"]
    assert "tax_id_country" not in answer.text


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("", ""),
        ("Short7a", "Short7a"),
        ("all small letters 7", "all small letters 7"),
        (OWN_PASSWORD, "another"),
        ("Ona@example.lt7", "Ona@example.lt7"),
    ],
)
def test_the_password_is_chosen_after_the_link_and_its_rules_are_explained(
    client: FlaskClient, under_profile: Under, password: str, again: str
) -> None:
    under_profile("lt-business")
    fill_in(client, [BUSINESS])
    shown = client.get(f"/activate/{signing.sign('activation', registration().public_id)}?lang=en")
    assert "At least 8 characters" in shown.text
    assert "a capital letter" in shown.text
    refused = activate(client, password=password, password_confirmation=again)
    assert refused.status_code == 422
    wrong = "password" if password == again else "password_confirmation"
    assert list(errors_of(refused)) == [wrong]
    assert db.session.scalars(select(Account)).all() == []
    typed = {"password": "Penki_Arkliai7", "password_confirmation": "Penki_Arkliai7"}
    assert activate(client, **typed).status_code == 303


def test_a_password_that_was_chosen_with_the_form_stays(app: Flask, client: FlaskClient) -> None:
    """Whoever opens the link of another's form can't choose a password for it."""
    fill_in(client, CUSTOMER_OF["default"])
    activate(client, password=OWN_PASSWORD, password_confirmation=OWN_PASSWORD)
    known = {"identifier": "529.982.247-25", "password": PASSWORD}
    assert post(client, "/login", known).status_code == 303


def test_an_address_that_is_taken_is_told_to_its_owner_and_opens_no_second_account(
    app: Flask, client: FlaskClient, under_profile: Under
) -> None:
    under_profile("lt-business")
    fill_in(client, [BUSINESS])
    an_account("lt:code:110000003", "Jonas", "ona@example.lt")
    answer = activate(client, password=OWN_PASSWORD, password_confirmation=OWN_PASSWORD)
    assert answer.status_code == 409
    assert "email_taken" in answer.text
    again = fill_in(client, [BUSINESS])
    assert (again.status_code, again.location) == (303, "/register/sent")
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [each.template for each in mails] == ["account_activation", "account_exists"]


def test_where_addresses_may_be_shared_they_are(app: Flask, client: FlaskClient) -> None:
    an_account("br:cpf:39053344705", "João", "maria@example.com")
    fill_in(client, CUSTOMER_OF["default"])
    assert activate(client).status_code == 303
    assert templates() == ["account_activation", "account_activated"]


@pytest.mark.parametrize("market", MARKETS)
def test_a_form_that_comes_too_early_goes_back_to_what_is_missing(
    client: FlaskClient, under_profile: Under, market: str
) -> None:
    under_profile(market)
    for path in ("/register/steps/2", "/register/steps/3", "/register/steps/99"):
        assert client.get(path).location == "/register?late=1"
        late = post(client, path, NEW_PASSWORD, form_path="/register")
        assert late.location == "/register?late=1"
    assert "kept for an hour" in client.get("/register?late=1&lang=en").text
    assert values_of(client.get("/register"))["kind"] == "customer"
