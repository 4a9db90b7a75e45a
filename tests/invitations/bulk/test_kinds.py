"""What is refused before anything is stored."""

import io
import zipfile

import pytest

from idp.invitations.bulk import errors, packages
from idp.invitations.bulk.kinds import Kind, Limits, check_file
from tests.invitations.bulk.workbooks import a_workbook, changed, lying
from tests.refusals import refusal_of

LIMITS = Limits(bytes=1_000_000, rows=1000)
GOOD = a_workbook([["installation"], ["100"]])
CSV = b"installation\n100\n"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'


def with_part(name: str, part: bytes = b"x") -> bytes:
    return changed(GOOD, parts={name: part})


def encrypted() -> bytes:
    """The first flag of every entry says that its content is encrypted."""
    content = bytearray(GOOD)
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        content[start + 8] |= 1
        start += 4
    return bytes(content)


def stacked(count: int) -> bytes:
    """An archive whose parts all claim the same megabytes of packed nothing."""
    return changed(GOOD, parts={f"xl/media/{each}.xml": bytes(999_999) for each in range(count)})


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("list.csv", CSV, Kind.CSV),
        ("LIST.CSV", CSV, Kind.CSV),
        ("list.txt", CSV, Kind.CSV),
        ("C:\\fakepath\\list.xlsx", GOOD, Kind.XLSX),
        ("list.csv", b"\xef\xbb\xbf" + CSV, Kind.CSV),
        ("list.csv", "instalação\n100\n".encode("utf-16"), Kind.CSV),
        ("list.csv", "instalação\n100\n".encode("cp1252"), Kind.CSV),
        ("list.csv", b"x" * 1_000_000, None),
    ],
)
def test_lists_of_both_kinds_are_taken(name: str, content: bytes, kind: Kind | None) -> None:
    if kind is None:
        with pytest.raises(errors.LineTooLong):
            check_file(name, content, LIMITS)
    else:
        assert check_file(name, content, LIMITS) is kind


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("list.csv", b"", errors.EmptyFile),
        ("list.xlsx", b"", errors.EmptyFile),
        ("list.csv", b" \r\n\r\n ", errors.EmptyFile),
        ("list.csv", b"\xef\xbb\xbf", errors.EmptyFile),
        ("list.csv", b"1\n" * 500_001, errors.FileTooLarge),
        ("list.csv", b"1\n" * 1002, errors.TooManyRows),
        ("list.csv", b"1\r" * 1002, errors.TooManyRows),
        ("list.csv", b"1" * 10_001, errors.LineTooLong),
        ("list.csv", b"100\n\x00\n", errors.NotText),
        ("list.csv", "100\n200\n".encode("utf-16-le"), errors.NotText),
        ("list.csv", b"\xff\xfe1", errors.NotText),
        ("list.csv", b"100\x81\n", errors.NotText),
        ("list.csv", b"\x1f\x8b\x08\x00", errors.NotText),
        ("list.csv", PDF, errors.NotText),
        ("list.csv", GOOD, errors.NotText),
        ("list.csv", OLD, errors.NotText),
        ("list.csv", b"{\\rtf1 100}", errors.NotText),
        ("list.csv", b"<!DOCTYPE html><script>", errors.NotText),
        ("list.xlsx", CSV, errors.NotWorkbook),
        ("list.xlsx", PDF, errors.NotWorkbook),
        ("list.xlsx", PDF + GOOD, errors.NotWorkbook),
        ("list.xlsx", b"PK\x03\x04 and nothing more", errors.NotWorkbook),
        ("list.xlsx", GOOD[: len(GOOD) // 2], errors.NotWorkbook),
        ("list.xlsx", changed(GOOD, without=["xl/workbook.xml"]), errors.NotWorkbook),
        ("list.xlsx", OLD, errors.LockedWorkbook),
        ("list.xlsx", encrypted(), errors.LockedWorkbook),
        ("list.xlsx", with_part("xl/vbaProject.bin"), errors.ActiveWorkbook),
        ("list.xlsm", with_part("xl/vbaProject.bin"), errors.ActiveWorkbook),
        ("list.xlsx", with_part("xl/macrosheets/sheet1.xml"), errors.ActiveWorkbook),
        ("list.xlsx", with_part("xl/externalLinks/externalLink1.xml"), errors.ActiveWorkbook),
        ("list.xlsx", with_part("xl/embeddings/oleObject1.bin"), errors.ActiveWorkbook),
        ("list.xlsx", with_part("a.xml", b"..macroEnabled.main+xml"), errors.ActiveWorkbook),
        ("list.xlsx", with_part("a.xml", ENTITIES), errors.SuspiciousWorkbook),
        ("list.xlsx", with_part("a.xml", ENTITIES.decode().encode("utf-16")),
         errors.SuspiciousWorkbook),
        ("list.xlsx", with_part("xl/media/1.png", bytes(2_000_000)), errors.SuspiciousWorkbook),
        ("list.xlsx", lying(GOOD, "xl/workbook.xml", 5), errors.SuspiciousWorkbook),
        ("list.xlsx", lying(GOOD, "xl/workbook.xml", 500_000), errors.SuspiciousWorkbook),
        ("list.xlsx", stacked(250), errors.SuspiciousWorkbook),
        ("list.xls", OLD, errors.WrongKind),
        ("list.pdf", PDF, errors.WrongKind),
        ("list", CSV, errors.WrongKind),
        ("", CSV, errors.WrongKind),
        (".csv", CSV, errors.WrongKind),
    ],
)  # fmt: skip
def test_whatever_else_it_is_is_refused(
    name: str, content: bytes, refusal: type[errors.UnusableFile]
) -> None:
    with pytest.raises(errors.UnusableFile) as raised:
        check_file(name, content, LIMITS)
    assert type(raised.value) is refusal
    assert raised.value.field == "file"


@pytest.mark.parametrize("size", [LIMITS.bytes, LIMITS.bytes + 1])
def test_the_limit_is_exact(size: int) -> None:
    content = b"100\n" * 1000 + b" " * (size - 4000)
    if size > LIMITS.bytes:
        with pytest.raises(errors.FileTooLarge):
            check_file("list.csv", content, LIMITS)
    else:
        assert check_file("list.csv", content, LIMITS) is Kind.CSV


def test_a_bomb_is_not_unpacked_further_than_it_claims_to_go() -> None:
    """A megabyte that claims to be a few bytes: the first portion too many ends it."""
    bomb = changed(GOOD, parts={"xl/media/1.png": bytes(1_000_000)})
    with pytest.raises(errors.SuspiciousWorkbook):
        check_file("list.xlsx", lying(bomb, "xl/media/1.png", 10), LIMITS)


def test_no_truncation_and_no_flipped_byte_is_a_fault() -> None:
    for cut in range(0, len(GOOD), 97):
        flipped = GOOD[:cut] + bytes([GOOD[cut] ^ 0xFF]) + GOOD[cut + 1 :]
        for content in (GOOD[:cut], flipped):
            met = refusal_of(check_file, "list.xlsx", content, LIMITS)
            assert met is None or isinstance(met, errors.UnusableFile)


def test_a_stored_part_is_counted_too() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), zipfile.ZIP_STORED)
    assert check_file("list.xlsx", file.getvalue(), LIMITS) is Kind.XLSX


def test_an_endless_directory_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "ZipFile", None)
    content = b"PK\x03\x04" + (b"PK\x01\x02" + bytes(42)) * 20_000
    with pytest.raises(errors.SuspiciousWorkbook):
        check_file("list.xlsx", content, LIMITS)
