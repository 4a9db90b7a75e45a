import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from idp.accounts.models import Account, Assurance
from idp.accounts.registration import proving
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.registry.proofs import holds
from idp.taxids import TaxId
from tests.browsing import errors_of, post, sign_in_as, values_of
from tests.factories.accounts import JOAO, MARIA, an_account
from tests.factories.registry import an_installation

PAGE = "/account/proof"
CODE = "3009990001"


@pytest.fixture
def maria(app: Flask, client: FlaskClient) -> Account:
    """Signed in, and not yet known as the holder of her installation."""
    an_installation(MARIA, CODE)
    an_installation(JOAO, "3009990002")
    account = an_account(MARIA, assurance=Assurance.DECLARED)
    sign_in_as(client, account)
    return account


def assurance(account: Account) -> Assurance:
    db.session.refresh(account)
    return account.assurance


def trail() -> list[tuple[str, dict[str, str]]]:
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(each.event, each.data) for each in events]


@pytest.mark.parametrize("code", [CODE, f" {CODE} ", "3009 990 001"])
def test_the_code_of_an_own_installation_raises_the_assurance(
    client: FlaskClient, maria: Account, code: str
) -> None:
    answer = post(client, PAGE, {"installation_code": code})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert assurance(maria) is Assurance.PROVEN
    assert trail() == [("assurance.raised", {"proof": "installation_code"})]
    page = client.get(PAGE)
    assert page.status_code == 200
    assert 'href="/installations"' in page.text


@pytest.mark.parametrize("code", ["3009990002", "1", "' OR 1=1 --", "<b>", "%", "é" * 64])
def test_any_other_code_is_refused_alike_and_recorded(
    client: FlaskClient, maria: Account, code: str
) -> None:
    answer = post(client, PAGE, {"installation_code": code})
    assert answer.status_code == 422
    assert errors_of(answer)["installation_code"].startswith("This is not what we have on record")
    assert values_of(answer)["installation_code"] == code
    assert assurance(maria) is Assurance.DECLARED
    assert trail() == [("ownership.refused", {"proof": "installation_code"})]


@pytest.mark.parametrize("code", ["", "   ", "\x00", "x" * 65, "x" * 200_000])
def test_what_can_be_no_code_is_refused_beside_the_field(
    client: FlaskClient, maria: Account, code: str
) -> None:
    answer = post(client, PAGE, {"installation_code": code})
    assert answer.status_code == 422
    assert "installation_code" in errors_of(answer)
    assert trail() == []


def test_a_missing_field_and_a_repeated_one_are_no_fault_of_ours(
    client: FlaskClient, maria: Account
) -> None:
    assert post(client, PAGE, {}).status_code == 422
    assert post(client, PAGE, {"installation_code": ["1", "2"]}).status_code == 422


def test_a_megabyte_is_too_much(client: FlaskClient, maria: Account) -> None:
    assert post(client, PAGE, {"installation_code": "x" * 1_000_000}).status_code == 413


def test_guessing_is_limited_and_then_even_the_right_code_waits(
    client: FlaskClient, maria: Account
) -> None:
    for _ in range(client.application.config["PROOFS_PER_TAX_ID"]):
        assert post(client, PAGE, {"installation_code": "1"}).status_code == 422
    answer = post(client, PAGE, {"installation_code": CODE})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "installation_code" in errors_of(answer)
    assert assurance(maria) is Assurance.DECLARED


def test_what_staff_verified_is_never_lowered(client: FlaskClient, maria: Account) -> None:
    token = post(client, PAGE, {"installation_code": "1"})
    assert token.status_code == 422
    maria.assurance = Assurance.VERIFIED
    db.session.commit()
    client.get(PAGE)
    assert assurance(maria) is Assurance.VERIFIED


def test_a_stranger_signs_in_first(client: FlaskClient, app: Flask) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/login?next=")


def test_a_form_from_elsewhere_is_refused(client: FlaskClient, maria: Account) -> None:
    assert client.post(PAGE, data={"installation_code": CODE}).status_code == 400
    assert assurance(maria) is Assurance.DECLARED


def test_registration_knows_this_proof_once(app: Flask) -> None:
    assert proving.proofs["installation_code"] is holds


def test_a_code_in_small_letters_is_the_same_code(app: Flask) -> None:
    an_installation(MARIA, "ES0021000000000001AB")
    assert holds(TaxId.parse_canonical(MARIA), "es0021000000000001ab")
    assert not holds(TaxId.parse_canonical(JOAO), "es0021000000000001ab")


def test_a_proof_reads_the_index_alone(app: Flask) -> None:
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = db.session.execute(
        text("EXPLAIN SELECT 1 FROM installations WHERE code IN ('a', 'b')")
    ).scalars()
    # Which index, and how, is the planner's choice: it has several that know the code.
    assert "Index Cond: (code = ANY" in " ".join(plan)
