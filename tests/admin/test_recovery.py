"""Staff help somebody back in: correct an address, remove lost second factors. Nobody is rushed."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.data import erasure
from idp.accounts.factors import pending
from idp.accounts.models import Account
from idp.accounts.recovery.models import EmailChange, FactorRemoval, Origin
from idp.admin.models import Role
from idp.audit import Event, history_of
from idp.audit.models import AuditEvent
from idp.evidence import purging
from idp.evidence.models import Document
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.admin.scene import staff
from tests.browsing import errors_of, post, values_of
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.evidence import a_pdf, a_picture
from tests.factories.mail import queued
from tests.factories.recovery import NEW, an_app, confirmation_path, undo_path

OLD = "maria@example.com"
CALL = {
    "new_email": NEW,
    "caller_name": "Maria da Silva",
    "caller_phone": "+55 11 91234-5678",
    "checked": "Identity card at the desk",
    "reason": "Mailbox was closed",
}


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


def path_of(account: Account, action: str = "") -> str:
    return f"/admin/accounts/{account.public_id}{action}"


def corrected(client: FlaskClient, account: Account, **changes: str) -> TestResponse:
    return post(client, path_of(account, "/email"), {**CALL, **changes})


def test_a_correction_waits_a_day_and_tells_both(client: FlaskClient, maria: Account) -> None:
    member = staff(client)
    assert corrected(client, maria).location == path_of(maria)
    assert db.session.get_one(Account, maria.id).email == OLD
    assert queued() == [("email_confirmation", NEW), ("email_change_requested", OLD)]
    change = db.session.scalars(select(EmailChange)).one()
    assert change.origin is Origin.STAFF
    assert (change.caller_name, change.caller_phone) == ("Maria da Silva", "+5511912345678")
    assert change.opens_at - change.created_at == timedelta(days=1)
    (trace,) = history_of("account", maria.public_id)
    assert (trace.event, trace.actor) == ("email_change.requested", str(member.actor))
    assert trace.data["reason"] == "Mailbox was closed"
    assert trace.data["checked"] == "Identity card at the desk"
    assert NEW in client.get(path_of(maria)).text


def test_staff_can_not_use_it_to_take_over(app: Flask, client: FlaskClient, maria: Account) -> None:
    """Even whoever reads the new mailbox has to wait, and the old one can object meanwhile."""
    staff(client)
    corrected(client, maria)
    change = db.session.scalars(select(EmailChange)).one()
    thief = app.test_client()
    assert post(thief, confirmation_path(change), form_path="/login").status_code == 409
    post(thief, "/recover", {"tax_id": "529.982.247-25", "email": NEW})
    assert ("account_reset", NEW) not in queued()
    owner = app.test_client()
    assert post(owner, undo_path(change)).status_code == 303
    assert post(thief, confirmation_path(change), form_path="/login").status_code == 410
    assert db.session.get_one(Account, maria.id).email == OLD


def test_after_a_day_the_new_address_confirms_and_the_old_can_still_undo(
    app: Flask, client: FlaskClient, maria: Account
) -> None:
    staff(client)
    corrected(client, maria)
    change = db.session.scalars(select(EmailChange)).one()
    change.opens_at = clock.now()
    db.session.commit()
    person = app.test_client()
    assert post(person, confirmation_path(change)).location == "/email/confirmed"
    assert db.session.get_one(Account, maria.id).email == NEW
    assert post(person, undo_path(change)).status_code == 303
    assert db.session.get_one(Account, maria.id).email == OLD


def test_no_member_of_staff_becomes_the_customer(client: FlaskClient, maria: Account) -> None:
    member = staff(client)
    response = corrected(client, maria, new_email=member.email)
    assert response.status_code == 422
    assert list(errors_of(response)) == ["new_email"]
    assert queued() == []


@pytest.mark.parametrize("field", ["new_email", "caller_name", "caller_phone", "checked", "reason"])
@pytest.mark.parametrize("value", ["", " ", "\x00"])
def test_nothing_happens_without_who_what_and_why(
    client: FlaskClient, maria: Account, field: str, value: str
) -> None:
    staff(client)
    response = corrected(client, maria, **{field: value})
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    kept = values_of(response)
    assert {name: kept[name] for name in CALL if name != field} == {
        name: text for name, text in CALL.items() if name != field
    }
    assert queued() == []


def test_the_address_on_record_is_no_correction(client: FlaskClient, maria: Account) -> None:
    staff(client)
    assert list(errors_of(corrected(client, maria, new_email=OLD))) == ["new_email"]


def test_a_locked_account_gets_neither(client: FlaskClient, maria: Account) -> None:
    an_app(maria)
    maria.locked_at = clock.now()
    db.session.commit()
    staff(client, Role.REVIEWER)
    for action in ("/email", "/factors"):
        assert client.get(path_of(maria, action)).location == path_of(maria)
        answer = post(client, path_of(maria, action), CALL, form_path=path_of(maria, "/unlock"))
        assert answer.location == path_of(maria)
    assert queued() == []
    assert "/email" not in client.get(path_of(maria)).text


def test_reviewers_have_second_factors_removed_tomorrow(
    client: FlaskClient, maria: Account
) -> None:
    an_app(maria)
    member = staff(client, Role.REVIEWER)
    assert path_of(maria, "/factors") in client.get(path_of(maria)).text
    answer = post(client, path_of(maria, "/factors"), CALL)
    assert answer.location == path_of(maria)
    assert pending.has_factor(maria.id)
    removal = db.session.scalars(select(FactorRemoval)).one()
    assert removal.requested_by == member.public_id
    assert queued() == [("recovery_factors_going", OLD)]
    page = client.get(path_of(maria)).text
    assert "unless the person objects" in page
    assert "Documents" not in page
    assert path_of(maria, "/factors") not in page


def test_what_is_not_there_or_under_way_is_not_removed(client: FlaskClient, maria: Account) -> None:
    staff(client, Role.REVIEWER)
    assert post(client, path_of(maria, "/factors"), CALL).status_code == 409
    an_app(maria)
    assert post(client, path_of(maria, "/factors"), CALL).status_code == 303
    assert post(client, path_of(maria, "/factors"), CALL).status_code == 409
    assert len(queued()) == 1


@pytest.mark.parametrize("field", ["checked", "reason"])
def test_a_removal_needs_what_was_checked_and_why(
    client: FlaskClient, maria: Account, field: str
) -> None:
    an_app(maria)
    staff(client, Role.REVIEWER)
    response = post(client, path_of(maria, "/factors"), {**CALL, field: ""})
    assert list(errors_of(response)) == [field]


COPIES = [("carta.pdf", a_pdf()), ("foto.png", a_picture())]


def removed_with(client: FlaskClient, account: Account, files: list[tuple[str, bytes]]) -> int:
    """The status of a request to remove the factors, with copies of what was seen."""
    documents = [(BytesIO(content), name) for name, content in files]
    form = {**CALL, "documents": documents}
    return post(client, path_of(account, "/factors"), form).status_code


def opened(client: FlaskClient, account: Account, document: Document) -> TestResponse:
    address = path_of(account, f"/documents/{document.public_id}")
    return post(client, address, form_path=path_of(account))


def test_what_the_person_sent_is_kept_sealed_for_a_while_and_for_reviewers(
    app: Flask, client: FlaskClient, maria: Account
) -> None:
    an_app(maria)
    member = staff(client, Role.REVIEWER)
    assert removed_with(client, maria, COPIES) == 303
    documents = db.session.scalars(select(Document).order_by(Document.id)).all()
    assert [each.delete_at - each.uploaded_at for each in documents if each.delete_at] == [
        timedelta(days=app.config["EVIDENCE_RETENTION_DAYS"])
    ] * 2
    assert all(COPIES[0][1] not in (each.sealed or b"") for each in documents)
    requested = next(
        each
        for each in history_of("account", maria.public_id)
        if each.event == Event.FACTOR_REMOVAL_REQUESTED.value
    )
    assert requested.data["documents"] == [each.public_id for each in documents]
    assert "Download document 2" in client.get(path_of(maria)).text
    answer = opened(client, maria, documents[0])
    assert answer.data == COPIES[0][1]
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    read = db.session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.EVIDENCE_READ.value)
    ).one()
    assert (read.actor, read.data["document"]) == (str(member.actor), documents[0].public_id)


def test_an_erased_account_takes_no_proof_with_it_before_its_time(
    app: Flask, client: FlaskClient, maria: Account
) -> None:
    """Else whoever took it over by a forged document could make that disappear."""
    an_app(maria)
    staff(client, Role.REVIEWER)
    removed_with(client, maria, COPIES)
    erasure.erase(maria, by=maria.actor, at=clock.now())
    db.session.commit()
    due = clock.now() + timedelta(days=app.config["EVIDENCE_RETENTION_DAYS"])
    assert purging.purge(due - timedelta(days=1)) == 0
    assert purging.purge(due) == len(COPIES)
    assert all(each.sealed is None for each in db.session.scalars(select(Document)))


def test_support_sees_that_there_are_documents_and_opens_none(
    app: Flask, client: FlaskClient, maria: Account
) -> None:
    an_app(maria)
    staff(client, Role.REVIEWER)
    removed_with(client, maria, COPIES)
    document = db.session.scalars(select(Document)).first()
    assert document is not None
    support = app.test_client()
    support.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    staff(support)
    page = support.get(path_of(maria)).text
    assert "Document 1 · .pdf" in page
    assert "Download" not in page
    address = path_of(maria, f"/documents/{document.public_id}")
    assert post(support, address, form_path=path_of(maria, "/email")).status_code == 403


def test_a_document_of_somebody_else_is_not_found(client: FlaskClient, maria: Account) -> None:
    an_app(maria)
    staff(client, Role.REVIEWER)
    removed_with(client, maria, COPIES)
    document = db.session.scalars(select(Document)).first()
    assert document is not None
    another = joao()
    assert (
        post(
            client,
            path_of(another, f"/documents/{document.public_id}"),
            form_path=path_of(maria),
        ).status_code
        == 404
    )


def test_what_is_no_document_removes_nothing_and_leaves_a_trace(
    client: FlaskClient, maria: Account
) -> None:
    an_app(maria)
    staff(client, Role.REVIEWER)
    assert removed_with(client, maria, [*COPIES, ("virus.pdf", b"MZ\x90 no document")]) == 422
    assert db.session.scalars(select(FactorRemoval)).all() == []
    assert db.session.scalars(select(Document)).all() == []
    assert db.session.scalars(
        select(AuditEvent.event).where(AuditEvent.event == Event.EVIDENCE_REFUSED.value)
    ).all() == [Event.EVIDENCE_REFUSED.value]
    assert queued() == []


def test_a_refused_removal_keeps_no_document(client: FlaskClient, maria: Account) -> None:
    staff(client, Role.REVIEWER)
    assert removed_with(client, maria, COPIES) == 409
    assert db.session.scalars(select(Document)).all() == []


def test_support_corrects_addresses_and_leaves_factors_alone(
    client: FlaskClient, maria: Account
) -> None:
    an_app(maria)
    staff(client)
    page = client.get(path_of(maria)).text
    assert path_of(maria, "/email") in page
    assert path_of(maria, "/factors") not in page
    assert client.get(path_of(maria, "/factors")).status_code == 403


def test_auditors_see_the_coming_address_masked(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    staff(client)
    corrected(client, account)
    auditor = app.test_client()
    staff(auditor, Role.AUDITOR)
    page = auditor.get(path_of(account)).text
    assert NEW not in page
    assert "m***@example.org" in page
    assert path_of(account, "/email") not in page


def test_the_password_stays_what_it_was(client: FlaskClient, maria: Account) -> None:
    staff(client)
    before = maria.password_hash
    corrected(client, maria)
    assert db.session.get_one(Account, maria.id).password_hash == before
    assert PASSWORD not in client.get(path_of(maria)).text


@pytest.mark.parametrize("locale", ["en", "pt-BR", "es", "ca", "lt", "fr"])
def test_the_mail_says_from_when_the_link_works(
    app: Flask, client: FlaskClient, locale: str
) -> None:
    account = an_account(locale=locale)
    staff(client)
    corrected(client, account)
    change = db.session.scalars(select(EmailChange)).one()
    first = db.session.scalars(select(Mail).order_by(Mail.id)).first()
    assert first is not None
    rendered = render(first)
    assert app.config["ISSUER"] + confirmation_path(change) in rendered.text
    assert str(change.opens_at.year) in rendered.text
