"""What is taken is a PDF, JPEG or PNG, that and nothing else."""

import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter

from idp.evidence.checks import inspect
from idp.evidence.errors import DocumentRefused
from idp.evidence.models import MediaType
from tests.evidence import hostile
from tests.factories.evidence import a_pdf, a_picture, written


@pytest.fixture(autouse=True)
def settings(migrated_app: Flask) -> Iterator[Flask]:
    """The settings are all that a check needs of the service."""
    with migrated_app.test_request_context(headers={"Accept-Language": "en"}):
        yield migrated_app


def refusal(name: str, data: bytes) -> str:
    """The code with which the file is refused, or what it was taken for."""
    try:
        return inspect(name, data)
    except DocumentRefused as error:
        return error.code


def a_bill() -> bytes:
    """A PDF as programs make them: text, fonts, pictures, a link to the web."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(text="Conta de luz", link="https://utility.example")
    pdf.image(BytesIO(a_picture()))
    pdf.image(BytesIO(a_picture("JPEG")))
    pdf.add_page()
    return bytes(pdf.output())


def a_scan() -> bytes:
    """A PDF of one picture."""
    target = BytesIO()
    Image.open(BytesIO(a_picture("JPEG", (600, 800)))).save(target, "PDF")
    return target.getvalue()


def signed_later() -> bytes:
    """A PDF to which something was added at the end, as a signature does."""
    writer = PdfWriter(BytesIO(a_bill()), incremental=True)
    writer.add_metadata({"/Title": "Assinado"})
    return written(writer)


def smaller() -> bytes:
    """A PDF with deflated content."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(a_bill())))
    for page in writer.pages:
        page.compress_content_streams()
    return written(writer)


@pytest.mark.parametrize(
    "data",
    [
        a_pdf(),
        a_bill(),
        a_scan(),
        signed_later(),
        smaller(),
        hostile.raw_pdf(),
        hostile.packed_pdf(b"<< /Title (Conta) >>"),
        hostile.raw_pdf(root=b"/OpenAction [3 0 R /Fit]"),
        hostile.raw_pdf(root=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        hostile.action(b"/S /URI /URI (https://utility.example)"),
        hostile.action(b"/S /GoTo /D [3 0 R /Fit]"),
        hostile.raw_pdf() + b"\r\n\0\0",
        hostile.raw_pdf(
            trailer=b"/Prev %d" % hostile.raw_pdf().index(b"xref")
        ),  # itself: read once
    ],
)
def test_a_pdf_as_people_have_them_is_taken(data: bytes) -> None:
    assert inspect("contrato.PDF", data) is MediaType.PDF


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.jpg", a_picture("JPEG"), MediaType.JPEG),
        ("a.JPEG", a_picture("JPEG", progressive=True), MediaType.JPEG),
        ("a.jpeg", a_picture("JPEG", (1, 1)), MediaType.JPEG),
        ("a.jpg", a_picture("JPEG", comment="Câmera"), MediaType.JPEG),
        ("a.jpg", a_picture("JPEG") + bytes(512), MediaType.JPEG),
        ("a.jpg", hostile.with_second_picture() + bytes(7), MediaType.JPEG),
        ("a.jpg", hostile.with_comment(b""), MediaType.JPEG),
        ("a.png", a_picture(), MediaType.PNG),
        ("a.b.PNG", a_picture("PNG", dpi=(300, 300)), MediaType.PNG),
        ("a.png", hostile.with_chunk(b"tEXt", b"Software\0Camera"), MediaType.PNG),
        ("a.png", hostile.huge_picture(8000), MediaType.PNG),
    ],
)
def test_a_picture_as_telephones_make_them_is_taken(name: str, data: bytes, kind: str) -> None:
    assert inspect(name, data) is kind


@pytest.mark.parametrize(
    ("code", "make"),
    [
        pytest.param(code, make, id=name)
        for code, files in hostile.PDFS.items()
        for name, make in files.items()
    ],
)
def test_a_hostile_pdf_is_refused_in_time(code: str, make: hostile.Maker) -> None:
    data = make()
    start = time.monotonic()
    assert refusal("a.pdf", data) == code
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(
    ("code", "name", "make"),
    [
        pytest.param(code, name, make, id=what)
        for code, files in hostile.PICTURES.items()
        for what, (name, make) in files.items()
    ],
)
def test_a_hostile_picture_is_refused_in_time(code: str, name: str, make: hostile.Maker) -> None:
    data = make()
    start = time.monotonic()
    assert refusal(name, data) == code
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(("name", "make"), hostile.OTHERS.values(), ids=list(hostile.OTHERS))
def test_another_kind_of_file_is_refused_whatever_it_is_called(
    name: str, make: hostile.Maker
) -> None:
    assert refusal(name, make()) == "document_of_other_kind"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", a_picture()),
        ("a.png", a_picture("JPEG")),
        ("a.jpg", a_pdf()),
        ("a.pdf.exe", a_pdf()),
        ("a.pdf ", a_pdf()),
        ("pdf", a_pdf()),
        (".pdf", a_pdf()),
        ("a.", a_pdf()),
        ("", a_pdf()),
        ("a.pdf\u202egpj.exe", a_pdf()),
    ],
)
def test_a_good_file_under_a_wrong_name_is_refused(name: str, data: bytes) -> None:
    assert refusal(name, data) == "document_misnamed"


def test_a_file_may_have_as_many_bytes_as_the_setting_says_and_not_one_more(
    settings: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = a_pdf()
    monkeypatch.setitem(settings.config, "EVIDENCE_MAXIMUM_BYTES", len(data) + 1)
    assert refusal("a.pdf", data + b"\n") == MediaType.PDF
    assert refusal("a.pdf", data + b"\n\n") == "document_too_large"
    assert refusal("a.pdf", b"") == "document_empty"


def test_a_refusal_names_the_file_and_the_field() -> None:
    with pytest.raises(DocumentRefused) as caught:
        inspect("contrato.pdf", b"", field="papers")
    assert caught.value.field == "papers"
    assert str(caught.value.text) == (
        "contrato.pdf: This file is empty. Open it to see whether it is the right one."
    )


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_no_half_of_a_good_file_is_a_fault(cut: int) -> None:
    for name, data in {"a.pdf": a_bill(), "a.jpg": a_picture("JPEG"), "a.png": a_picture()}.items():
        half = data[: len(data) * cut // 100]
        assert refusal(name, half).startswith("document_")


def all_refusals() -> list[Any]:
    """Every class of refusal."""
    return [DocumentRefused, *DocumentRefused.__subclasses__()]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [each.code for each in all_refusals()]
    assert len(set(codes)) == len(codes)
