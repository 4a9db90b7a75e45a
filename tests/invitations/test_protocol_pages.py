"""The public check of a protocol: what a number tells, what its check code tells besides."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services as grants
from idp.invitations import lookup, services
from idp.invitations.models import Decision, Invitation
from idp.invitations.paper.codes import code_of
from idp.invitations.protocols import with_check_digit
from tests.browsing import errors_of, heading_of, title_of, values_of
from tests.factories.accounts import an_account, joao
from tests.factories.invitations import an_invitation
from tests.factories.papers import a_protocol, an_accepted_protocol, recorded
from tests.factories.registry import an_installation

SECRET = (
    *("Maria da Silva", "João Souza", "Silva", "Souza", "joao@", "maria@"),
    *("529.982.247-25", "390.533.447-05", "Rua das Flores", "Campinas", "3009"),
)
FACTS = ("982.247", "533.447", "J. S.", "M. d. S.", "bills", "1 installation", "SHA-256")


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    return an_account()


@pytest.fixture
def invitation(maria: Account) -> Invitation:
    return a_protocol(maria, [an_installation(maria.tax_id, "3009")])


def page_of(invitation: Invitation, code: str | None = None) -> str:
    query = "" if code is None else f"?check={code}"
    return f"/protocols/{invitation.protocol}{query}"


def true_code(invitation: Invitation) -> str:
    return code_of(invitation.public_id)


def test_the_number_alone_tells_the_day_and_how_it_stands(
    client: FlaskClient, invitation: Invitation
) -> None:
    page = client.get(page_of(invitation))
    assert (page.status_code, heading_of(page)) == (200, f"Protocol {invitation.protocol}")
    assert "This protocol is ours. It was sent on" in page.text
    assert "Awaits an answer" in page.text
    for hidden in (*SECRET, *FACTS, f"{invitation.created_at:%H:%M}"):
        assert hidden not in page.text, hidden


def test_with_its_code_it_tells_what_the_paper_says(
    client: FlaskClient, invitation: Invitation
) -> None:
    page = client.get(page_of(invitation, true_code(invitation)))
    facts = recorded(invitation).facts
    for shown in (
        *("M. d. S. · ***.982.247-**", "J. S. · ***.533.447-**", "Authorised person"),
        *("See bills, consumption and data", "1 installation, and no other", "No end date"),
        *("Terms of access permission, 2026-11 (en)", "Can be accepted until"),
        *(facts.fingerprint, facts.list_sha256, facts.terms[2]),
    ):
        assert shown in page.text, shown
    for hidden in SECRET:
        assert hidden not in page.text, hidden


@pytest.mark.parametrize("code", ["AAAAA-AAAAA", "x", "0" * 500, "%F0%9F%A6%8A", "<b>", "'"])
def test_with_another_code_it_tells_no_more_than_without(
    client: FlaskClient, invitation: Invitation, code: str
) -> None:
    page = client.get(page_of(invitation, code))
    assert page.status_code == 422
    assert list(errors_of(page)) == ["check"]
    assert "Awaits an answer" in page.text
    for hidden in (*SECRET, *FACTS):
        assert hidden not in page.text, hidden


def test_the_code_of_another_protocol_opens_nothing(
    client: FlaskClient, maria: Account, invitation: Invitation
) -> None:
    other = an_invitation(maria)
    assert client.get(page_of(invitation, true_code(other))).status_code == 422


def test_the_form_leads_to_the_page_however_the_number_was_typed(
    client: FlaskClient, invitation: Invitation
) -> None:
    page = client.get("/protocols")
    assert (page.status_code, heading_of(page)) == (200, "Check a protocol")
    for typed in (invitation.protocol, invitation.protocol.replace(".", " "), "%20"):
        number = invitation.protocol.replace(".", "") if typed == "%20" else typed
        answer = client.get("/protocols", query_string={"number": number, "check": ""})
        assert (answer.status_code, answer.location) == (303, page_of(invitation))
    code = true_code(invitation)
    answer = client.get("/protocols", query_string={"number": invitation.protocol, "check": code})
    assert answer.location == page_of(invitation, code)
    assert client.get(page_of(invitation).replace(".", "")).status_code == 200


def test_a_wrong_digit_is_told_from_nonsense_and_from_an_unknown_number(
    client: FlaskClient, invitation: Invitation
) -> None:
    mistyped = invitation.protocol[:-1] + str((int(invitation.protocol[-1]) + 1) % 10)
    for typed, status, said in (
        (mistyped, 422, "typing error"),
        ("12", 422, "13 digits"),
        (" ", 422, "13 digits"),
        ("\x00" * 13, 422, "13 digits"),
    ):
        page = client.get("/protocols", query_string={"number": typed})
        assert page.status_code == status
        assert said in errors_of(page)["number"]
        assert values_of(page)["number"] == typed.replace("\x00", "").strip()
        assert title_of(page).startswith("Error")
    unknown = client.get(f"/protocols/{with_check_digit('199912345678')}")
    assert unknown.status_code == 404
    assert "We have no protocol with this number" in errors_of(unknown)["number"]
    assert client.get(f"/protocols/{mistyped}").status_code == 422


@pytest.mark.parametrize(
    "number", ["x", "%00", "٢٠٢٦٠٠٠٠٠٠٠٠٠", "0" * 4000, "..", "%2e%2e", "' OR 1"]
)
def test_no_address_is_a_fault(client: FlaskClient, number: str) -> None:
    assert client.get(f"/protocols/{number}").status_code in (404, 422)


def test_it_is_kept_by_nobody_and_sent_to_nobody(
    client: FlaskClient, invitation: Invitation
) -> None:
    for path in ("/protocols", page_of(invitation), page_of(invitation, "x"), "/protocols/1"):
        headers = client.get(path).headers
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert client.post(page_of(invitation)).status_code in (400, 405)


def test_it_stays_valid_whatever_becomes_of_it(client: FlaskClient, maria: Account) -> None:
    at = clock.now()
    lapsed = a_protocol(maria, at=at - timedelta(days=900))
    resent = a_protocol(maria, at=at - timedelta(hours=2))
    services.resend(resent.public_id, by=maria, locale="en", at=at)
    declined = an_invitation(maria, decision=Decision.DECLINED, settled_at=at)
    grant = an_accepted_protocol(maria, joao())
    accepted = lookup.find_by_grant(grant)
    assert accepted is not None
    for invitation, state in (
        *((lapsed, "Lapsed"), (resent, "Cancelled"), (declined, "Declined")),
        (accepted, "Accepted, and in force"),
    ):
        for code in (None, true_code(invitation)):
            page = client.get(page_of(invitation, code))
            assert (page.status_code, state in page.text) == (200, True)
    grants.revoke(grant, by=maria.actor, at=at)
    db.session.commit()
    for code in (None, true_code(accepted)):
        page = client.get(page_of(accepted, code))
        assert "Taken back" in page.text and "in force" not in page.text


@pytest.mark.parametrize(
    ("language", "state"),
    [("pt-BR", "Aguarda resposta"), ("es", "Espera respuesta"), ("en", "Awaits an answer")],
)
def test_it_speaks_every_language(
    client: FlaskClient, invitation: Invitation, language: str, state: str
) -> None:
    page = client.get(page_of(invitation, true_code(invitation)) + f"&lang={language}")
    assert state in page.text
    assert f'lang="{language}"' in page.text
