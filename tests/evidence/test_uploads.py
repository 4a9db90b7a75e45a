"""Requests with files: room where files are taken, a page that explains where they are too many."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.test import EnvironBuilder, TestResponse, encode_multipart

from idp import migrations
from idp.audit import Event, history_of
from idp.evidence.models import Document
from idp.extensions import db
from tests.browsing import csrf_token, errors_of, read, values_of
from tests.conftest import make_app
from tests.database import empty_database
from tests.evidence.page import add_pages
from tests.factories.evidence import a_pdf

LARGEST = 300_000  # bytes of one document here
MOST = 2
FORM = 256 * 1024


@pytest.fixture(scope="module")
def paper_app(server_url: str) -> Iterator[Flask]:
    """An application with the sample page, that takes two documents of 300 kB."""
    with empty_database(server_url, "outorga_uploads") as url:
        settings = {"evidence_maximum_bytes": LARGEST, "evidence_maximum_documents": MOST}
        app = make_app(url, **settings)
        add_pages(app)
        with app.app_context():
            migrations.apply(db.engine)
            yield app
            db.session.remove()
            db.engine.dispose()
        app.extensions["oauth_caches"].stop()


@pytest.fixture
def browser(paper_app: Flask) -> FlaskClient:
    """A browser in front of it that speaks English."""
    db.session.rollback()
    db.session.execute(text("DELETE FROM evidence_documents"))
    db.session.execute(text("TRUNCATE rate_limits"))
    db.session.commit()
    client = paper_app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def send(browser: FlaskClient, *files: tuple[str, bytes], path: str = "/papers") -> TestResponse:
    """Fill in the page and send it with these files."""
    data = {
        "csrf_token": csrf_token(browser, "/papers"),
        "company": "Padaria",
        "documents": [(BytesIO(content), name) for name, content in files],
    }
    return post(browser, data, path)


def post(browser: FlaskClient, data: Mapping[str, object], path: str = "/papers") -> TestResponse:
    """Send the form as it is; the test client would leave large bodies in files."""
    with closing(EnvironBuilder(method="POST", data=dict(data))) as built:
        boundary, body = encode_multipart(CombinedMultiDict([built.form, built.files]))
    return browser.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def stored() -> int:
    """How many documents there are."""
    return db.session.scalar(select(func.count()).select_from(Document)) or 0


def padded(size: int, pages: int = 1) -> bytes:
    """A good document of exactly so many bytes."""
    document = a_pdf(pages=pages)
    return document + b"\n" * (size - len(document))


def test_all_that_is_allowed_passes_at_once(browser: FlaskClient) -> None:
    response = send(browser, ("a.pdf", padded(LARGEST)), ("b.pdf", padded(LARGEST, pages=2)))
    assert (response.status_code, response.text) == (200, "stored")
    assert stored() == 2


def test_one_byte_more_is_an_error_beside_the_field(browser: FlaskClient) -> None:
    response = send(browser, ("a.pdf", padded(LARGEST)), ("b.pdf", padded(LARGEST + 1, pages=2)))
    assert response.status_code == 422
    assert errors_of(response)["documents"].startswith("b.pdf: This file is too large.")
    assert values_of(response)["company"] == "Padaria"
    assert stored() == 0
    assert [each.event for each in history_of("account", "a_maria")][:1] == [Event.EVIDENCE_REFUSED]


def test_a_body_that_is_too_large_is_answered_with_the_page(browser: FlaskClient) -> None:
    response = send(browser, ("a.pdf", bytes(LARGEST * MOST + FORM)))
    assert response.status_code == 413
    assert errors_of(response) == {
        "documents": "Together these files are too large. Choose smaller ones, or fewer."
    }
    assert "Choose the files again" in response.text
    assert "csrf_token" in response.text
    assert stored() == 0


def test_a_form_without_a_page_is_answered_with_an_error(browser: FlaskClient) -> None:
    response = send(browser, ("a.pdf", bytes(LARGEST * MOST + FORM)), path="/papers/sent")
    assert response.status_code == 413
    assert "more than we can take" in response.text
    assert send(browser, ("a.pdf", bytes(LARGEST)), path="/papers/sent").text == "sent"


def test_no_other_address_has_that_room(browser: FlaskClient) -> None:
    response = send(browser, ("a.pdf", bytes(FORM)), path="/login")
    assert response.status_code == 413


def test_texts_of_a_form_have_no_more_room_than_before(browser: FlaskClient) -> None:
    data = {"csrf_token": csrf_token(browser, "/papers"), "company": "x" * (FORM + 1)}
    response = post(browser, data)
    assert response.status_code == 413


def test_a_form_of_another_site_is_refused(browser: FlaskClient) -> None:
    data = {"company": "Padaria", "documents": (BytesIO(a_pdf()), "a.pdf")}
    response = post(browser, data)
    assert (response.status_code, stored()) == (400, 0)


def test_a_large_body_of_another_site_changes_nothing(browser: FlaskClient) -> None:
    data = {"documents": (BytesIO(bytes(LARGEST * MOST + FORM)), "a.pdf")}
    response = post(browser, data)
    assert (response.status_code, stored()) == (413, 0)


@pytest.mark.parametrize(
    "value",
    [[], [(BytesIO(), "")], ["a text"], "a text", [(BytesIO(b"content without a name"), "")]],
)
def test_nothing_chosen_is_said_beside_the_field(browser: FlaskClient, value: object) -> None:
    data = {"csrf_token": csrf_token(browser, "/papers"), "company": "x", "documents": value}
    response = post(browser, data)
    assert errors_of(response) == {"documents": "Choose a file."}
    assert "Choose the files again" not in response.text


def test_files_must_be_chosen_again_when_another_field_is_wrong(browser: FlaskClient) -> None:
    data = {
        "csrf_token": csrf_token(browser, "/papers"),
        "documents": (BytesIO(a_pdf()), "a.pdf"),
    }
    response = post(browser, data)
    assert list(errors_of(response)) == ["company"]
    assert "Choose the files again: the browser does not keep them." in response.text


def test_too_many_documents_are_said_beside_the_field(browser: FlaskClient) -> None:
    response = send(browser, *[(f"{each}.pdf", a_pdf(pages=each)) for each in (1, 2, 3)])
    assert errors_of(response)["documents"].startswith("These are too many documents")


def test_a_hostile_name_is_shown_as_text(browser: FlaskClient) -> None:
    response = send(browser, ("<script>alert(1)</script>.pdf", b"MZ"))
    assert errors_of(response)["documents"].startswith("script>.pdf: This is not a PDF")
    response = send(browser, ("<b onclick=x>.pdf", b"MZ"))
    assert "<b onclick" not in response.text


def test_the_field_says_what_it_takes(browser: FlaskClient) -> None:
    (field,) = [each for each in read(browser.get("/papers")).inputs if each["type"] == "file"]
    assert (field["accept"], field["data-largest"]) == (".pdf,.jpg,.jpeg,.png", str(LARGEST))
    assert "multiple" in field
    assert field["aria-describedby"] == "documents-hint"


def test_uploads_of_one_address_are_limited(
    browser: FlaskClient, paper_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(paper_app.config, "UPLOADS_PER_ADDRESS", 2)
    answers = [send(browser, ("a.pdf", b"MZ")).status_code for _ in range(3)]
    assert answers == [422, 422, 429]
    assert browser.get("/papers").status_code == 200
