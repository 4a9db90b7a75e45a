"""The hosted pages: ask, attach, check, send, withdraw."""

from datetime import date, timedelta
from http import HTTPStatus
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.evidence.models import Document
from idp.extensions import db
from idp.grants.models import State
from idp.mail.models import Mail
from idp.mandates import purging
from idp.mandates.models import Kind, MandateRequest, RequestState
from idp.taxids import TaxId
from tests.browsing import csrf_token, errors_of, heading_of, post, sign_in_as, values_of
from tests.factories.accounts import JOAO, an_account, joao
from tests.factories.evidence import a_pdf
from tests.factories.mandates import (
    ACME,
    ACME_NAME,
    ACME_SHOWN,
    RITA,
    a_company,
    a_representative,
    a_request,
)
from tests.factories.registry import an_installation
from tests.statements import statements_sent

NEW = "/account/companies/new"
COMPANY = {"company_tax_id": ACME_SHOWN, "company_name": ACME_NAME}
NOMINEE = {
    "nominee_name": "João Souza",
    "nominee_tax_id": "390.533.447-05",
    "nominee_email": "joao@example.com",
}


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    """Signed in on `client`."""
    account = an_account()
    sign_in_as(client, account)
    return account


def the_request() -> MandateRequest:
    return db.session.scalars(select(MandateRequest)).one()


def attach(client: FlaskClient, *names: str, content: bytes | None = None) -> TestResponse:
    """Documents of these names to the only request there is."""
    page = f"/account/requests/{the_request().public_id}/documents"
    files = [(BytesIO(a_pdf(pages=number + 1) if content is None else content), name)
             for number, name in enumerate(names)]  # fmt: skip
    token = csrf_token(client, page)
    return client.post(page, data={"csrf_token": token, "documents": files})


def check(client: FlaskClient, **changes: str) -> TestResponse:
    """Send the only request there is."""
    page = f"/account/requests/{the_request().public_id}/check"
    seen = values_of(client.get(page)).get("seen", "")
    return post(client, page, {"seen": seen, "truth": "yes", **changes})


def send(client: FlaskClient, page: str, answers: dict[str, str]) -> MandateRequest:
    """The whole way."""
    answer = post(client, page, answers)
    assert answer.status_code == HTTPStatus.SEE_OTHER, errors_of(answer)
    assert attach(client, "contract.pdf", "identity.pdf").status_code == HTTPStatus.SEE_OTHER
    answer = check(client)
    assert answer.status_code == HTTPStatus.SEE_OTHER, errors_of(answer)
    return the_request()


def test_somebody_says_that_they_represent_a_company(client: FlaskClient, maria: Account) -> None:
    request = send(client, NEW, COMPANY)
    assert (request.state, request.kind) == (RequestState.OPEN, Kind.REPRESENTATIVE)
    assert str(request.holder_tax_id) == ACME
    assert request.nominee_tax_id == maria.tax_id
    assert [each.delete_at for each in request.documents] == [None, None]
    page = client.get(f"/account/requests/{request.public_id}/confirmation")
    assert request.protocol in page.text
    (mail,) = db.session.scalars(select(Mail))
    assert (mail.template, mail.recipient_address) == ("mandate_received", maria.email)


def test_the_answer_is_the_same_whether_or_not_the_company_is_known(
    client: FlaskClient, maria: Account
) -> None:
    unknown = [page_at(client, address) for address in whole_way(client)]
    db.session.delete(the_request())
    db.session.commit()
    a_company()
    known = [page_at(client, address) for address in whole_way(client)]
    assert unknown == known


def whole_way(client: FlaskClient) -> list[str]:
    """The addresses that somebody is led to."""
    answers = [
        post(client, NEW, COMPANY),
        attach(client, "contract.pdf"),
        check(client),
        client.get(f"/account/requests/{the_request().public_id}"),
    ]
    return [answer.location or answer.request.path for answer in answers]


def page_at(client: FlaskClient, address: str) -> tuple[str, int, str]:
    """What the page says, less its ids."""
    request = the_request()
    answer = client.get(address)
    address = address.replace(request.public_id, "…")
    return address, answer.status_code, heading_of(answer)


def test_what_is_wrong_stands_beside_the_field(client: FlaskClient, maria: Account) -> None:
    answer = post(client, NEW, {"company_tax_id": "529.982.247-25", "company_name": " "})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(errors_of(answer)) == {"company_tax_id", "company_name"}
    assert values_of(answer)["company_tax_id"] == "529.982.247-25"
    assert not db.session.scalars(select(MandateRequest)).all()


def test_a_company_account_is_sent_to_its_person(client: FlaskClient) -> None:
    sign_in_as(client, an_account(ACME, ACME_NAME, "office@acme.example"))
    assert client.get(NEW).status_code == HTTPStatus.FORBIDDEN


def test_without_documents_nothing_is_sent(client: FlaskClient, maria: Account) -> None:
    post(client, NEW, COMPANY)
    answer = attach(client)
    assert errors_of(answer) == {"documents": "Attach at least one document."}
    page = f"/account/requests/{the_request().public_id}/check"
    assert client.get(page).location.endswith("/documents")


def test_a_file_that_is_no_document_is_refused(client: FlaskClient, maria: Account) -> None:
    post(client, NEW, COMPANY)
    answer = attach(client, "contract.pdf", content=b"MZ\x90\x00 not a document")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "documents" in errors_of(answer)
    assert not db.session.scalars(select(Document)).all()


def test_documents_chosen_anew_take_the_place_of_the_former(
    client: FlaskClient, maria: Account
) -> None:
    post(client, NEW, COMPANY)
    attach(client, "one.pdf", "two.pdf")
    attach(client, "three.pdf")
    assert [each.name for each in the_request().documents] == ["three.pdf"]
    attach(client)
    assert [each.name for each in the_request().documents] == ["three.pdf"]


def test_an_answer_is_corrected_before_sending(client: FlaskClient, maria: Account) -> None:
    post(client, NEW, COMPANY)
    attach(client, "contract.pdf")
    page = f"/account/requests/{the_request().public_id}/answers"
    assert values_of(client.get(page)) == {"company_tax_id": ACME_SHOWN, "company_name": ACME_NAME}
    answer = post(client, page, {**COMPANY, "company_name": "Acme Ltda"})
    assert answer.location.endswith("/check")
    assert the_request().holder_name == "Acme Ltda"


def test_what_another_tab_changed_is_not_sent_unseen(client: FlaskClient, maria: Account) -> None:
    post(client, NEW, COMPANY)
    attach(client, "contract.pdf")
    page = f"/account/requests/{the_request().public_id}/check"
    seen = values_of(client.get(page))["seen"]
    attach(client, "another.pdf")
    answer = post(client, page, {"seen": seen, "truth": "yes"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert the_request().state is RequestState.DRAFT


def test_the_truth_must_be_confirmed(client: FlaskClient, maria: Account) -> None:
    post(client, NEW, COMPANY)
    attach(client, "contract.pdf")
    assert "truth" in errors_of(check(client, truth=""))


def test_sending_asks_for_the_password_after_a_while(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria, authenticated_at=clock.now() - timedelta(hours=1))
    request = a_request(maria, state=RequestState.DRAFT)
    answer = client.get(f"/account/requests/{request.public_id}/check")
    assert answer.location.startswith("/account/confirm")


def test_sent_twice_it_is_one_request(client: FlaskClient, maria: Account) -> None:
    request = send(client, NEW, COMPANY)
    page = f"/account/requests/{request.public_id}/check"
    assert client.get(page).location.endswith("/confirmation")


def test_a_second_request_for_the_same_awaits_the_first(
    client: FlaskClient, maria: Account
) -> None:
    a_request(maria)
    draft = a_request(maria, state=RequestState.DRAFT)
    page = f"/account/requests/{draft.public_id}/check"
    seen = values_of(client.get(page))["seen"]
    answer = post(client, page, {"seen": seen, "truth": "yes"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert draft.state is RequestState.DRAFT


def test_so_many_requests_an_hour_and_no_more(
    app: Flask, client: FlaskClient, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MANDATES_PER_HOUR", 1)
    draft = a_request(maria, state=RequestState.DRAFT)
    page = f"/account/requests/{draft.public_id}/check"
    post(client, page, {"seen": "", "truth": "yes"})
    answer = post(client, page, {"seen": "", "truth": "yes"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_a_representative_names_another(client: FlaskClient, maria: Account) -> None:
    a_company()
    a_representative(maria)
    request = send(client, "/account/contacts/representatives/new", NOMINEE)
    assert str(request.holder_tax_id) == ACME
    assert request.holder_name == ACME_NAME
    assert str(request.nominee_tax_id) == JOAO
    assert request.replaces is None


def test_who_represents_nobody_names_nobody(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    answer = client.get("/account/contacts/representatives/new")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "represent a company" in answer.text


def test_who_represents_already_is_not_named_again(client: FlaskClient, maria: Account) -> None:
    a_company()
    a_representative(maria)
    a_representative(joao())
    answer = post(client, "/account/contacts/representatives/new", NOMINEE)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_with_several_companies_one_is_chosen(client: FlaskClient, maria: Account) -> None:
    a_company()
    a_representative(maria)
    an_installation("br:cnpj:12ABC34501DE35")
    a_representative(maria, "br:cnpj:12ABC34501DE35")
    page = "/account/contacts/representatives/new"
    for wrong in ("", "br:cpf:52998224725", "br:cnpj:90021382000122"):
        assert "holder" in errors_of(post(client, page, {**NOMINEE, "holder": wrong}))
    request = send(client, page, {**NOMINEE, "holder": ACME})
    assert str(request.holder_tax_id) == ACME


def test_a_representative_is_replaced(client: FlaskClient, maria: Account) -> None:
    a_company()
    former = a_representative(maria)
    page = f"/account/contacts/{former.public_id}/replacement"
    assert "loses access" in client.get(page).text
    request = send(client, page, NOMINEE)
    assert request.replaces == former


def test_nobody_replaces_a_representative_of_another_company(
    client: FlaskClient, maria: Account
) -> None:
    a_company()
    former = a_representative(joao())
    for page in (f"/account/contacts/{former.public_id}/replacement",
                 "/account/contacts/g_unknown/replacement"):  # fmt: skip
        assert client.get(page).status_code == HTTPStatus.NOT_FOUND


def test_a_holder_names_a_manager(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    ends_on = str(date.today() + timedelta(days=400))
    request = send(
        client,
        "/account/contacts/managers/new",
        {**NOMINEE, "level": "read_only", "ends_on": ends_on},
    )
    assert (request.kind, request.level) == (Kind.MANAGER, "read_only")
    assert request.holder_tax_id == maria.tax_id
    assert str(request.ends_on) == ends_on


def test_who_has_proven_nothing_names_no_manager(client: FlaskClient) -> None:
    person = an_account(assurance=Assurance.DECLARED)
    an_installation(person.tax_id)
    sign_in_as(client, person)
    answer = client.get("/account/contacts/managers/new")
    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nominee_tax_id": "529.982.247-25"}, "nominee_tax_id"),
        ({"nominee_tax_id": ACME_SHOWN}, "nominee_tax_id"),
        ({"nominee_name": "…"}, "nominee_name"),
        ({"nominee_email": "joao"}, "nominee_email"),
        ({"level": ""}, "level"),
        ({"level": "owner"}, "level"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "tomorrow"}, "ends_on"),
    ],
)
def test_what_is_wrong_with_a_manager_stands_beside_the_field(
    client: FlaskClient, maria: Account, changes: dict[str, str], field: str
) -> None:
    an_installation(maria.tax_id)
    good = {**NOMINEE, "level": "full", "ends_on": ""}
    answer = post(client, "/account/contacts/managers/new", {**good, **changes})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(errors_of(answer)) == {field}


def test_my_requests_are_listed_and_one_is_withdrawn(client: FlaskClient, maria: Account) -> None:
    request = a_request(maria)
    assert request.protocol in client.get("/account/requests").text
    page = f"/account/requests/{request.public_id}/withdrawal"
    assert client.get(page).status_code == HTTPStatus.OK
    post(client, page)
    assert request.state is RequestState.WITHDRAWN
    assert all(each.delete_at for each in request.documents)
    assert client.get(page).location.endswith(request.public_id)


def test_a_decided_request_can_not_be_withdrawn(client: FlaskClient, maria: Account) -> None:
    request = a_request(maria)
    page = f"/account/requests/{request.public_id}/withdrawal"
    token = csrf_token(client, page)
    request.settle(RequestState.REFUSED, clock.now())
    db.session.commit()
    assert client.post(page, data={"csrf_token": token}).status_code == HTTPStatus.CONFLICT


def test_a_draft_is_discarded(client: FlaskClient, maria: Account) -> None:
    draft = a_request(maria, state=RequestState.DRAFT)
    post(client, f"/account/requests/{draft.public_id}/withdrawal")
    assert not db.session.scalars(select(MandateRequest)).all()


def test_a_draft_is_forgotten_after_a_day(app: Flask) -> None:
    old = clock.now() - timedelta(hours=25)
    maria = an_account()
    a_request(maria, state=RequestState.DRAFT, created_at=old)
    kept = [a_request(maria, created_at=old), a_request(maria, state=RequestState.DRAFT)]
    assert purging.purge(clock.now()) == 1
    assert set(db.session.scalars(select(MandateRequest))) == set(kept)


@pytest.mark.parametrize(
    "page", ["", "/answers", "/documents", "/check", "/confirmation", "/withdrawal"]
)
@pytest.mark.parametrize("state", [RequestState.DRAFT, RequestState.OPEN])
def test_a_request_of_somebody_else_does_not_exist(
    client: FlaskClient, maria: Account, page: str, state: RequestState
) -> None:
    theirs = a_request(joao(), state=state)
    address = f"/account/requests/{theirs.public_id}{page}"
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    if page in ("/answers", "/documents", "/check", "/withdrawal"):
        token = csrf_token(client, NEW)
        answer = client.post(address, data={"csrf_token": token, "truth": "yes"})
        assert answer.status_code == HTTPStatus.NOT_FOUND
    assert theirs.state is state


def test_a_draft_does_not_change_hands_with_the_company(
    client: FlaskClient, maria: Account
) -> None:
    """Who stops representing a company before sending sends nothing any more."""
    a_company()
    grant = a_representative(maria)
    draft = a_request(
        maria, state=RequestState.DRAFT, nominee_tax_id=RITA,
        nominee_name="Rita Alves", nominee_email="rita@example.com",
    )  # fmt: skip
    page = f"/account/requests/{draft.public_id}/check"
    seen = values_of(client.get(page))["seen"]
    token = csrf_token(client, page)
    grant.state, grant.ended_at = State.REVOKED, clock.now()
    db.session.commit()
    answer = client.post(page, data={"csrf_token": token, "seen": seen, "truth": "yes"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert draft.state is RequestState.DRAFT


def test_the_list_costs_the_same_however_long_it_is(client: FlaskClient, maria: Account) -> None:
    a_request(maria, holder_tax_id=TaxId.parse_canonical(ACME))
    with statements_sent() as one:
        client.get("/account/requests")
    for _number in range(5):
        a_request(maria, state=RequestState.WITHDRAWN, settled_at=clock.now())
    with statements_sent() as many:
        client.get("/account/requests")
    assert len(one) == len(many)
