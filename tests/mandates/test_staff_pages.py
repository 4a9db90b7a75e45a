"""The console: the queue, a case for a caller, reading, comparing, deciding."""

from http import HTTPStatus
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account
from idp.admin.models import Role, StaffMember
from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.mandates.models import Channel, Kind, MandateReading, MandateRequest, RequestState
from tests.admin.scene import staff
from tests.browsing import csrf_token, errors_of, post, values_of
from tests.factories.accounts import an_account
from tests.factories.admin import a_member, sign_in_staff
from tests.factories.evidence import a_document as a_stored_document
from tests.factories.evidence import a_pdf
from tests.factories.mandates import ACME_NAME, ACME_SHOWN, a_company, a_document, a_request
from tests.statements import statements_sent

CASE = {
    "channel": "phone",
    "caller_name": "Rita Alves",
    "caller_phone": "+55 11 91234-5678",
    "caller_relation": "director",
    "reason": "The former director left, and nobody has access any more.",
    "company_tax_id": ACME_SHOWN,
    "company_name": ACME_NAME,
    "nominee_name": "Rita Alves",
    "nominee_tax_id": "111.444.777-35",
    "nominee_email": "rita@example.com",
    "seen_at_desk": "",
}
READ = {
    "company_tax_id": "11222333000181",
    "company_name": "ACME INDUSTRIA LTDA",
    "nominee_name": "Maria da Silva",
    "nominee_tax_id": "52998224725",
}


@pytest.fixture
def reviewer(client: FlaskClient) -> StaffMember:
    """Signed in on `client`."""
    return staff(client, Role.REVIEWER)


@pytest.fixture
def maria() -> Account:
    """The applicant."""
    return an_account()


def page_of(request: MandateRequest, step: str = "") -> str:
    return f"/admin/mandates/{request.public_id}{step}"


def test_the_oldest_request_comes_first(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    a_request(maria, state=RequestState.WITHDRAWN, settled_at=clock.now(), protocol="2026.0")
    requests = [
        a_request(maria, nominee_tax_id=each)
        for each in ("br:cpf:11144477735", "br:cpf:39053344705")
    ]
    text = client.get("/admin/mandates").text
    first, second = (text.index(each.protocol) for each in requests)
    assert first < second
    assert "2026.0<" not in text


@pytest.mark.parametrize(
    ("query", "count"), [("", 1), ("?kind=manager", 0), ("?state=refused", 1), ("?state=draft", 1)]
)
def test_the_queue_is_filtered(
    client: FlaskClient, reviewer: StaffMember, maria: Account, query: str, count: int
) -> None:
    """A draft is nobody's business but its author's."""
    a_request(maria)
    a_request(maria, state=RequestState.DRAFT)
    a_request(maria, kind=Kind.MANAGER, state=RequestState.REFUSED, settled_at=clock.now())
    assert client.get(f"/admin/mandates{query}").text.count("/admin/mandates/m_") == count


def test_the_queue_costs_the_same_however_long_it_is(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    client.get("/admin/mandates")
    with statements_sent() as none:
        client.get("/admin/mandates")
    for number in range(5):
        a_request(maria, kind=Kind.MANAGER, nominee_tax_id=f"es:nif:1234567{number}"
                  + "TRWAGMYFPDXBNJZSQVHLCKE"[(12345670 + number) % 23])  # fmt: skip
    with statements_sent() as many:
        client.get("/admin/mandates")
    assert len(many) == len(none)


def test_a_draft_can_not_be_opened(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    draft = a_request(maria, state=RequestState.DRAFT)
    for step in ("", "/reading", "/comparison", "/refusal"):
        assert client.get(page_of(draft, step)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("step", ["", "/reading"])
def test_what_was_claimed_is_not_shown_before_it_was_read(
    client: FlaskClient, reviewer: StaffMember, maria: Account, step: str
) -> None:
    text = client.get(page_of(a_request(maria), step)).text
    for claimed in (ACME_NAME, ACME_SHOWN, maria.name, maria.tax_id.formatted, maria.email):
        assert claimed not in text


def test_support_sees_what_was_asked_for_and_no_document(
    client: FlaskClient, maria: Account
) -> None:
    staff(client, Role.SUPPORT)
    text = client.get(page_of(a_request(maria))).text
    assert ACME_NAME in text
    assert "/documents/" not in text
    assert "/reading" not in text


def test_an_auditor_sees_masked_tax_ids(client: FlaskClient, maria: Account) -> None:
    staff(client, Role.AUDITOR)
    text = client.get(page_of(a_request(maria))).text
    assert maria.tax_id.formatted not in text
    assert maria.tax_id.masked in text


def test_a_document_is_downloaded_and_that_is_on_record(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    document = a_stored_document(maria.actor, content=a_pdf(), name='"><script>.pdf')
    request = a_request(maria, documents=[document])
    page = page_of(request)
    address = f"{page}/documents/{document.public_id}"
    assert client.get(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    answer = post(client, address, form_path=page)
    assert answer.data == a_pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    read = db.session.scalars(select(AuditEvent).filter_by(event=Event.EVIDENCE_READ)).one()
    assert read.actor == str(reviewer.actor)


def test_a_document_of_another_request_does_not_exist(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    page = page_of(a_request(maria))
    other = a_document()
    answer = post(client, f"{page}/documents/{other.public_id}", form_path=page)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_read_compared_and_approved(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    a_company()
    request = a_request(maria)
    answer = post(client, page_of(request, "/reading"), READ)
    assert answer.location.endswith("/comparison")
    page = client.get(answer.location).text
    assert ACME_NAME in page
    assert "Different" not in page
    answer = post(client, page_of(request, "/comparison"), {"identity_seen": "yes"})
    assert answer.location.endswith(request.public_id)
    assert request.state is RequestState.APPROVED
    settled = client.get(page_of(request)).text
    assert ACME_NAME in settled
    assert reviewer.name in settled


def test_without_reading_there_is_nothing_to_compare(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    answer = client.get(page_of(a_request(maria), "/comparison"))
    assert answer.location.endswith("/reading")


def test_with_another_tax_id_there_is_no_way_to_approve(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    a_company()
    request = a_request(maria)
    post(client, page_of(request, "/reading"), {**READ, "nominee_tax_id": "390.533.447-05"})
    page = page_of(request, "/comparison")
    assert "mandate-approve" not in client.get(page).text
    token = csrf_token(client, page_of(request))
    answer = client.post(page, data={"csrf_token": token, "identity_seen": "yes", "remark": "x"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert request.state is RequestState.OPEN


def test_another_name_is_approved_with_a_remark_only(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    a_company()
    request = a_request(maria)
    post(client, page_of(request, "/reading"), {**READ, "company_name": "Acme Participações"})
    page = page_of(request, "/comparison")
    answer = post(client, page, {"identity_seen": "yes"})
    assert set(errors_of(answer)) == {"remark"}
    post(client, page, {"identity_seen": "yes", "remark": "Renamed in 2024"})
    assert request.state is RequestState.APPROVED


@pytest.mark.parametrize("field", list(READ))
def test_each_field_must_be_read(
    client: FlaskClient, reviewer: StaffMember, maria: Account, field: str
) -> None:
    request = a_request(maria)
    answer = post(client, page_of(request, "/reading"), {**READ, field: ""})
    assert set(errors_of(answer)) == {field}
    assert not db.session.scalars(select(MandateReading)).all()


def test_a_refusal_needs_reason_and_words(
    client: FlaskClient, reviewer: StaffMember, maria: Account
) -> None:
    request = a_request(maria)
    page = page_of(request, "/refusal")
    assert set(errors_of(post(client, page))) == {"refusal", "text"}
    post(client, page, {"refusal": "incomplete", "text": "The power of attorney is missing."})
    assert request.state is RequestState.REFUSED
    assert "The power of attorney is missing." in client.get(page_of(request)).text


@pytest.mark.parametrize("step", ["/reading", "/comparison", "/refusal"])
def test_the_second_reviewer_is_told(
    client: FlaskClient, reviewer: StaffMember, maria: Account, step: str
) -> None:
    request = a_request(maria)
    token = csrf_token(client, page_of(request, "/reading"))
    request.settle(RequestState.REFUSED, clock.now())
    db.session.commit()
    answer = client.post(page_of(request, step), data={"csrf_token": token, **READ})
    assert answer.status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize("step", ["/reading", "/comparison", "/refusal", "/documents/e_1"])
def test_nobody_reviews_a_request_that_names_them(
    client: FlaskClient, maria: Account, step: str
) -> None:
    member = a_member(Role.REVIEWER, name=maria.name)
    sign_in_staff(client, member)
    request = a_request(maria)
    assert "A colleague must review it" in client.get(page_of(request)).text
    token = csrf_token(client, "/admin/")
    answer = client.post(page_of(request, step), data={"csrf_token": token, **READ})
    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.REVIEWER])
def test_staff_open_a_case_for_a_caller(client: FlaskClient, role: Role) -> None:
    member = staff(client, role)
    file = (BytesIO(a_pdf()), "power of attorney.pdf")
    answer = post(client, "/admin/mandates/new", {**CASE, "documents": [file]})
    assert answer.status_code == HTTPStatus.SEE_OTHER, errors_of(answer)
    request = db.session.scalars(select(MandateRequest)).one()
    assert (request.state, request.channel) == (RequestState.OPEN, Channel.PHONE)
    assert (request.staff, request.account) == (member.public_id, None)
    assert request.case_reason == CASE["reason"]
    assert len(request.documents) == 1
    if role is Role.REVIEWER:
        assert client.get(page_of(request, "/refusal")).status_code == HTTPStatus.FORBIDDEN


def test_a_case_needs_no_document_when_it_was_seen_at_the_desk(client: FlaskClient) -> None:
    staff(client)
    case = {**CASE, "channel": "desk", "seen_at_desk": "Articles of 2024, passport"}
    assert post(client, "/admin/mandates/new", case).status_code == HTTPStatus.SEE_OTHER
    request = db.session.scalars(select(MandateRequest)).one()
    assert request.documents == []
    assert "Articles of 2024" in client.get(page_of(request)).text


@pytest.mark.parametrize("field", [each for each in CASE if each != "seen_at_desk"])
def test_everything_about_a_case_must_be_said(client: FlaskClient, field: str) -> None:
    staff(client)
    answer = post(client, "/admin/mandates/new", {**CASE, field: ""})
    assert set(errors_of(answer)) == {field}
    assert values_of(answer)["reason" if field != "reason" else "caller_name"]
    assert not db.session.scalars(select(MandateRequest)).all()


def test_a_caller_is_on_the_phone_or_at_the_desk(client: FlaskClient) -> None:
    staff(client)
    answer = post(client, "/admin/mandates/new", {**CASE, "channel": "web"})
    assert set(errors_of(answer)) == {"channel"}


def test_a_case_that_is_open_already_is_not_opened_twice(client: FlaskClient) -> None:
    staff(client)
    post(client, "/admin/mandates/new", CASE)
    answer = post(client, "/admin/mandates/new", CASE)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert len(db.session.scalars(select(MandateRequest)).all()) == 1
