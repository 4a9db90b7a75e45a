"""Documents in the database: sealed, all or none, gone when their time is over."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage

from idp import clock
from idp.audit import Actor, Event, history_of
from idp.audit.models import AuditEvent
from idp.evidence import services
from idp.evidence.errors import (
    DocumentDeleted,
    DocumentRefused,
    DocumentTooLarge,
    DuplicateDocument,
    NoDocument,
    TooManyDocuments,
)
from idp.evidence.models import Document, MediaType
from idp.evidence.purging import purge
from idp.evidence.responses import attachment
from idp.extensions import db, transaction
from idp.sealing import Unreadable
from idp.sweeps import SWEEPS
from tests.factories.evidence import a_document, a_file, a_pdf, a_picture
from tests.together import at_once

MARIA = Actor("account", "a_maria")
REVIEWER = Actor("staff", "t_ana")
SEALED = text("SELECT sealed FROM evidence_documents WHERE id = :id")
SEAL = text("UPDATE evidence_documents SET sealed = :sealed WHERE id = :id")


def stored() -> list[Document]:
    """All documents."""
    return list(db.session.scalars(select(Document).order_by(Document.id)))


def sealed_of(document: Document) -> bytes:
    """What a copy of the database shows."""
    return bytes(db.session.scalar(SEALED, {"id": document.id}))


def put(document: Document, sealed: bytes) -> None:
    """Write another content into the row, as somebody with the database could."""
    db.session.execute(SEAL, {"id": document.id, "sealed": sealed})
    db.session.expire_all()


@pytest.mark.usefixtures("app")
def test_documents_are_kept_with_their_names_kinds_and_sizes_in_order() -> None:
    pdf, picture, at = a_pdf(), a_picture("JPEG"), clock.now()
    files = [a_file("../C:\\x\\ata da  reunião.PDF", pdf), a_file("rg.jpeg", picture)]
    services.store(files, by=MARIA, at=at)
    db.session.commit()
    first, second = stored()
    assert (first.name, first.media_type, first.size) == (
        "ata da reunião.PDF",
        MediaType.PDF,
        len(pdf),
    )
    assert (second.name, second.media_type) == ("rg.jpeg", MediaType.JPEG)
    assert (first.uploaded_by, first.uploaded_at) == ("account:a_maria", at)
    assert first.public_id.startswith("e_")
    assert services.read(first, by=REVIEWER) == pdf
    assert services.read(second, by=REVIEWER) == picture


@pytest.mark.usefixtures("app")
def test_nobody_reads_a_document_in_the_database() -> None:
    pdf = a_pdf()
    first, second = a_document(MARIA, content=pdf), a_document(MARIA, content=pdf)
    assert sealed_of(first) != sealed_of(second)
    for piece in (pdf[start : start + 16] for start in range(0, len(pdf) - 16, 16)):
        assert piece not in sealed_of(first)


@pytest.mark.usefixtures("app")
def test_contents_that_were_exchanged_or_changed_are_not_given_out() -> None:
    first, second = a_document(MARIA), a_document(MARIA, content=a_pdf(pages=2))
    one, other = sealed_of(first), sealed_of(second)
    flipped = one[:50] + bytes([one[50] ^ 1]) + one[51:]
    for wrong in (other, flipped, one[:-1], one + b"\0", one[:5], b"", one[12:]):
        put(first, wrong)
        with pytest.raises(Unreadable):
            services.read(first, by=REVIEWER)
    put(first, one)
    assert services.read(first, by=REVIEWER) == a_pdf()


def test_another_key_reads_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    document = a_document(MARIA)
    monkeypatch.setitem(app.config, "DATA_ENCRYPTION_KEY", "another key, also long enough")
    with pytest.raises(Unreadable):
        services.read(document, by=REVIEWER)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("files", "error"),
    [
        ([], NoDocument),
        ([("a.pdf", a_pdf(pages=each)) for each in range(1, 7)], TooManyDocuments),
        ([("a.pdf", a_pdf()), ("b.pdf", a_pdf())], DuplicateDocument),
        ([("a.pdf", a_pdf()), ("b.pdf", b"MZ")], DocumentRefused),
        ([("a.pdf", a_pdf()), ("b.pdf", b"")], DocumentRefused),
    ],
)
def test_one_refused_document_keeps_all_of_them_out(
    files: list[tuple[str, bytes]], error: type[DocumentRefused]
) -> None:
    with pytest.raises(error) as caught, transaction():
        services.store([a_file(*each) for each in files], by=MARIA, at=clock.now(), field="papers")
    assert caught.value.field == "papers"
    assert stored() == []
    assert history_of("account", "a_maria") == []


class Endless(BytesIO):
    """A file that never ends, and says how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """`size` bytes more."""
        assert size is not None
        assert size >= 0
        self.taken += size
        return bytes(size)


def test_no_more_is_read_than_shows_that_it_is_too_much(app: Flask) -> None:
    endless = Endless()
    with pytest.raises(DocumentTooLarge):
        services.store([FileStorage(endless, "a.pdf")], by=MARIA, at=clock.now())
    assert endless.taken == app.config["EVIDENCE_MAXIMUM_BYTES"] + 1


@pytest.mark.usefixtures("app")
def test_the_trail_says_who_uploaded_and_who_read_but_not_what() -> None:
    document = a_document(MARIA, name="RG da Maria.pdf")
    services.read(document, by=REVIEWER)
    read, uploaded = history_of("account", "a_maria")
    assert (uploaded.event, uploaded.actor) == (Event.EVIDENCE_STORED, "account:a_maria")
    assert (read.event, read.actor) == (Event.EVIDENCE_READ, "staff:t_ana")
    assert read.data == {"document": document.public_id, "media_type": "application/pdf"}


@pytest.mark.usefixtures("app")
def test_a_refusal_leaves_a_trace_although_nothing_else_stays() -> None:
    with pytest.raises(DocumentRefused), services.refusals_recorded(MARIA), transaction():
        services.store([a_file("a.pdf"), a_file("b.pdf", b"MZ")], by=MARIA, at=clock.now())
    (event,) = history_of("account", "a_maria")
    assert (event.event, event.data) == (
        Event.EVIDENCE_REFUSED,
        {"problem": "document_of_other_kind"},
    )


@pytest.mark.usefixtures("app")
def test_a_document_is_deleted_its_time_after_the_decision() -> None:
    document, decided_at = a_document(MARIA), clock.now()
    services.attach([document])
    assert purge(decided_at + timedelta(days=1000)) == 0
    services.schedule_deletion([document], decided_at=decided_at)
    db.session.flush()
    assert purge(decided_at + timedelta(days=180) - timedelta(seconds=1)) == 0
    assert purge(decided_at + timedelta(days=180)) == 1
    assert purge(decided_at + timedelta(days=180)) == 0
    assert (document.deleted_at, document.name) == (
        decided_at + timedelta(days=180),
        "contrato.pdf",
    )
    assert db.session.scalar(SEALED, {"id": document.id}) is None
    with pytest.raises(DocumentDeleted):
        services.read(document, by=REVIEWER)
    assert history_of("account", "a_maria")[0].event == Event.EVIDENCE_DELETED


@pytest.mark.usefixtures("app")
def test_a_document_that_belongs_to_nothing_is_deleted_after_a_day() -> None:
    at = clock.now()
    orphan, kept = a_document(MARIA, at=at), a_document(MARIA, at=at)
    services.attach([kept])
    assert purge(at + timedelta(hours=23)) == 0
    assert purge(at + timedelta(days=1)) == 1
    assert orphan.deleted_at is not None
    assert kept.deleted_at is None
    with pytest.raises(DocumentDeleted):
        services.attach([kept, orphan])


def test_the_worker_purges_documents() -> None:
    assert purge in [sweep.run for sweep in SWEEPS]


def test_a_document_is_attached_or_purged_never_both(committed_app: Flask) -> None:
    """Whoever comes second sees what the first one did."""
    at = clock.now()
    with committed_app.app_context():
        ids = [a_document(MARIA, at=at).id for _ in range(6)]
    refused: list[int] = []

    def attach(document_id: int) -> None:
        try:
            with transaction():
                services.attach([db.session.get_one(Document, document_id)])
        except DocumentDeleted:
            refused.append(document_id)

    def sweep() -> None:
        with transaction():
            purge(at + timedelta(days=2))

    attaching = [partial(attach, each) for each in ids]
    at_once(*attaching, sweep, within=committed_app.app_context)
    with committed_app.app_context():
        gone = [each.id for each in stored() if each.deleted_at is not None]
        kept = [each.id for each in stored() if each.delete_at is None]
    assert sorted(gone) == sorted(refused)
    assert sorted(gone + kept) == ids


def test_the_purge_finds_what_is_due_by_an_index(app: Flask) -> None:
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = db.session.scalars(
        text(
            "EXPLAIN SELECT id FROM evidence_documents WHERE delete_at <= now() "
            "AND deleted_at IS NULL ORDER BY delete_at LIMIT 100"
        )
    ).all()
    assert "ix_evidence_documents_delete_at" in "".join(plan)


def test_a_document_is_a_download_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    hostile = 'a"\r\nSet-Cookie: x=1; filename=index.html ✓.png'
    document = a_document(MARIA, name=hostile, content=a_picture())
    with app.test_request_context():
        response = app.process_response(attachment(document, by=REVIEWER))
    assert response.get_data() == a_picture() or len(response.get_data()) == document.size
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{document.public_id}.png"'
    )
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    events = db.session.scalars(select(AuditEvent.event)).all()
    assert Event.EVIDENCE_READ in events


def test_the_name_of_a_download_is_ours_alone(app: Flask) -> None:
    document = a_document(MARIA)
    assert all(each.isalnum() or each in "-_" for each in document.public_id)
