"""`/account/proof` under each market, with whatever it takes as a proof."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import profiles
from idp.accounts.models import Account, Assurance
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.registry.models import FactKind
from tests.browsing import errors_of, links_of, post, read, sign_in_as, values_of
from tests.factories.accounts import JOAO, MARIA, an_account
from tests.factories.registry import a_fact, an_installation

PAGE = "/account/proof"
CODE = "3009990001"
RIGHT = {
    "installation_code": CODE,
    "contract_number": "mr-2024/118",
    "bank_digits": "**** 4321",
    "invoice_total": "1.084,12 €",
}
WRONG = {
    "installation_code": "3009990002",
    "contract_number": "MR-9",
    "bank_digits": "9999",
    "invoice_total": "99.99",
}
Change = Callable[[str], None]


@pytest.fixture
def maria(app: Flask, client: FlaskClient) -> Account:
    """Signed in, and not yet known as the holder; João's facts are the wrong ones."""
    facts = {"contract_number": "MR2024118", "bank_digits": "4321", "invoice_total": "108412"}
    others = {"contract_number": "MR9", "bank_digits": "9999", "invoice_total": "9999"}
    mine, other = an_installation(MARIA, CODE), an_installation(JOAO, WRONG["installation_code"])
    for kind in FactKind:
        a_fact(mine, kind, facts[kind])
        a_fact(other, kind, others[kind])
    account = an_account(MARIA, assurance=Assurance.DECLARED)
    sign_in_as(client, account)
    return account


def assurance(account: Account) -> Assurance:
    db.session.refresh(account)
    return account.assurance


def trail() -> list[tuple[str, dict[str, str]]]:
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(each.event, each.data) for each in events]


@pytest.mark.parametrize("market", profiles.names())
def test_the_page_asks_for_what_the_market_takes_with_help_at_each_field(
    market: str, client: FlaskClient, maria: Account, under_profile: Change
) -> None:
    under_profile(market)
    page = client.get(PAGE)
    fields = [each for each in read(page).inputs if each.get("name") in RIGHT]
    assert [each["name"] for each in fields] == list(profiles.load(market).proofs)
    for each in fields:
        assert f'id="{each["name"]}-hint"' in page.text
        assert each["autocomplete"] == "off"


@pytest.mark.parametrize("kind", RIGHT)
def test_any_one_of_them_is_enough(client: FlaskClient, maria: Account, kind: str) -> None:
    assert post(client, PAGE, {kind: RIGHT[kind]}).status_code == 303
    assert assurance(maria) is Assurance.PROVEN
    assert trail() == [("assurance.raised", {"proof": kind})]


@pytest.mark.parametrize("kind", RIGHT)
def test_what_is_another_holders_is_as_wrong_as_what_is_nobodys(
    client: FlaskClient, maria: Account, kind: str
) -> None:
    unknown = {**WRONG, "contract_number": "MR-8", "bank_digits": "1", "installation_code": "5"}
    unknown |= {"bank_digits": "1111", "invoice_total": "77"}
    answers = [post(client, PAGE, {kind: each[kind]}) for each in (WRONG, unknown)]
    assert [answer.status_code for answer in answers] == [422, 422]
    said = [errors_of(answer) for answer in answers]
    assert said[0] == said[1]
    assert list(said[0]) == [kind]
    assert values_of(answers[0])[kind] == WRONG[kind]
    assert trail() == [("ownership.refused", {"proof": kind})] * 2
    assert assurance(maria) is Assurance.DECLARED


def test_all_wrong_answers_are_worded_alike(client: FlaskClient, maria: Account) -> None:
    said = [errors_of(post(client, PAGE, {kind: WRONG[kind]}))[kind] for kind in list(WRONG)[:3]]
    assert len(set(said)) == 1


def test_several_typed_are_one_try_and_one_line_of_the_trail(
    client: FlaskClient, maria: Account
) -> None:
    assert post(client, PAGE, {**WRONG, "bank_digits": "4321"}).status_code == 303
    ((name, data),) = trail()
    assert name == "assurance.raised"
    assert data["proof"] == "installation_code, contract_number, bank_digits, invoice_total"


def test_what_the_market_does_not_take_proves_nothing(
    client: FlaskClient, maria: Account, under_profile: Change
) -> None:
    under_profile("lt-business")
    for kind in ("installation_code", "bank_digits", "invoice_total"):
        assert post(client, PAGE, {kind: RIGHT[kind]}).status_code == 422
    assert assurance(maria) is Assurance.DECLARED
    assert trail() == []
    assert post(client, PAGE, {"contract_number": RIGHT["contract_number"]}).status_code == 303


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("bank_digits", "ES9121000418450200051332"),
        ("bank_digits", "abcd"),
        ("contract_number", "<script>"),
        ("invoice_total", "a lot"),
        ("invoice_total", "0,00"),
    ],
)
def test_what_can_be_no_such_fact_is_told_before_a_try_is_counted(
    client: FlaskClient, maria: Account, kind: str, typed: str
) -> None:
    for _ in range(client.application.config["GUESSES_PER_TAX_ID"] + 1):
        answer = post(client, PAGE, {kind: typed})
        assert answer.status_code == 422
        assert list(errors_of(answer)) == [kind]
    assert trail() == []
    assert post(client, PAGE, {kind: RIGHT[kind]}).status_code == 303


def test_nothing_typed_is_told_at_the_first_field(client: FlaskClient, maria: Account) -> None:
    answer = post(client, PAGE, {})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["installation_code"])


def test_guessing_four_digits_ends_after_three_tries_and_the_code_still_works(
    client: FlaskClient, maria: Account
) -> None:
    for _ in range(client.application.config["GUESSES_PER_TAX_ID"]):
        assert post(client, PAGE, {"bank_digits": "9999"}).status_code == 422
    answer = post(client, PAGE, {"bank_digits": "4321"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 86_400
    assert list(errors_of(answer)) == ["bank_digits"]
    assert assurance(maria) is Assurance.DECLARED
    assert post(client, PAGE, {"installation_code": CODE}).status_code == 303


def test_the_overview_says_what_the_present_level_allows(
    client: FlaskClient, maria: Account
) -> None:
    before = client.get("/account")
    assert "Until you show that you are the holder" in before.text
    assert PAGE in links_of(before)
    post(client, PAGE, {"bank_digits": "4321"})
    after = client.get("/account")
    assert "You see every installation in your name" in after.text
    assert PAGE not in links_of(after)


def test_the_limited_services_open_at_once(client: FlaskClient, maria: Account) -> None:
    assert CODE not in client.get("/installations").text
    post(client, PAGE, {"invoice_total": "1084.12"})
    assert CODE in client.get("/installations").text
