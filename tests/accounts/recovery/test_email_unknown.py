"""The address is forgotten: a fact of the contract tells where the link went; nothing else does."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.registration import proving
from idp.audit.models import AuditEvent
from idp.extensions import db
from tests.browsing import errors_of, links_of, post, values_of
from tests.factories.accounts import MARIA, an_account, joao
from tests.factories.mail import queued
from tests.factories.registry import an_installation

PATH = "/recover/email-unknown"
CODE = "3001234567"
RIGHT = {"tax_id": "529.982.247-25", "installation_code": CODE}
HINT = "m•••@e•••.com"


@pytest.fixture(autouse=True)
def _registry(app: Flask) -> None:
    an_installation(MARIA, CODE)


def asked(client: FlaskClient, **changes: str) -> TestResponse:
    return post(client, PATH, {**RIGHT, **changes})


def test_whoever_knows_a_fact_is_told_masked_where_the_link_went(client: FlaskClient) -> None:
    an_account()
    response = asked(client)
    assert (response.status_code, response.location) == (303, f"{PATH}/sent")
    assert queued() == [("account_reset", "maria@example.com")]
    page = client.get(f"{PATH}/sent").text
    assert HINT in page
    assert "maria@example.com" not in page
    assert "maria" not in str(response.headers)


@pytest.mark.parametrize(
    "changes",
    [
        {"installation_code": "3009999999"},
        {"tax_id": "390.533.447-05"},
        {"installation_code": "", "bank_digits": "1234"},
    ],
)
def test_whoever_knows_none_learns_nothing_and_moves_nobody(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    an_account()
    joao()
    assert asked(client, **changes).location == f"{PATH}/sent"
    assert queued() == []
    assert "•••" not in client.get(f"{PATH}/sent").text


@pytest.mark.parametrize("is_known", [True, False])
def test_a_wrong_fact_gets_the_answer_of_an_unknown_person(
    client: FlaskClient, is_known: bool
) -> None:
    unknown = asked(client)
    said = client.get(f"{PATH}/sent").data
    if is_known:
        an_account()
    wrong = asked(client, installation_code="1")
    assert (wrong.status_code, wrong.location) == (unknown.status_code, unknown.location)
    assert client.get(f"{PATH}/sent").data == said


def test_a_wrong_fact_takes_back_what_a_right_one_told(client: FlaskClient) -> None:
    an_account()
    asked(client)
    asked(client, installation_code="1")
    assert "•••" not in client.get(f"{PATH}/sent").text


def test_another_browser_is_not_told(app: Flask, client: FlaskClient) -> None:
    an_account()
    asked(client)
    assert "•••" not in app.test_client().get(f"{PATH}/sent").text


def test_a_locked_account_is_answered_as_an_unknown_one(client: FlaskClient) -> None:
    an_account(locked_at=clock.now())
    asked(client)
    assert queued() == []
    assert "•••" not in client.get(f"{PATH}/sent").text


def test_tries_are_those_of_every_proof_of_ownership(client: FlaskClient) -> None:
    an_account()
    answers = [asked(client, installation_code=str(number)) for number in range(6)]
    assert [each.status_code for each in answers] == [303] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert asked(client).status_code == 429
    assert queued() == []


def test_every_try_leaves_a_trace_on_the_account(client: FlaskClient) -> None:
    account = an_account()
    asked(client, installation_code="1")
    asked(client)
    trail = select(AuditEvent).where(AuditEvent.event == "password_reset.requested")
    traces = db.session.scalars(trail.order_by(AuditEvent.id)).all()
    assert [(each.account, each.data["sent"]) for each in traces] == [
        (account.public_id, False),
        (account.public_id, True),
    ]


def test_something_must_be_known_and_what_was_typed_stays(client: FlaskClient) -> None:
    response = asked(client, installation_code="")
    assert response.status_code == 422
    assert list(errors_of(response)) == ["installation_code"]
    assert values_of(response)["tax_id"] == "529.982.247-25"
    assert list(errors_of(asked(client, tax_id="1"))) == ["tax_id"]
    assert list(errors_of(asked(client, installation_code="1" * 65))) == ["installation_code"]


@pytest.mark.parametrize(
    ("profile", "asked_for"),
    [
        ("br-portal", {"installation_code"}),
        ("lt-business", {"contract_number"}),
        ("es-managers", {"bank_digits", "invoice_total"}),
    ],
)
def test_the_market_says_which_facts_count(
    client: FlaskClient,
    under_profile: Callable[[str], None],
    profile: str,
    asked_for: set[str],
) -> None:
    under_profile(profile)
    assert set(values_of(client.get(PATH))) == {"tax_id", *asked_for}


def test_a_fact_of_another_market_counts_for_nothing(
    client: FlaskClient, under_profile: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    an_account()
    under_profile("br-portal")
    monkeypatch.setitem(proving.proofs, "contract_number", lambda _tax_id, _typed: True)
    assert asked(client, installation_code="", contract_number="1").status_code == 422
    assert queued() == []


def test_the_first_page_leads_here_and_on_to_help(app: Flask, client: FlaskClient) -> None:
    links = links_of(client.get("/recover"))
    for path in (PATH, "/recover/change-email", "/recover/help"):
        assert path in links
        assert client.get(path).status_code == 200
    assert app.config["SUPPORT_CONTACT"] in client.get("/recover/help").text
