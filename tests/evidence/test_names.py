"""File names are text for people, never a path."""

import pytest

from idp.evidence.names import MAXIMUM_NAME, cleaned_name, extension_of


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("contrato.pdf", "contrato.pdf"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\fakepath\\RG.jpg", "RG.jpg"),
        ("a\x00.pdf", "a.pdf"),
        ("a\r\nb\t.pdf", "a b .pdf"),
        ("conta\u202efdp.exe", "contafdp.exe"),
        ("zero\u200bwidth.pdf", "zero width.pdf"),
        ("Atuac\u0327a\u0303o.pdf", "Atuação.pdf"),
        ("ata da  reunião .pdf", "ata da reunião .pdf"),
        ("\ud800.pdf", ".pdf"),
        ("<b>.pdf", "<b>.pdf"),
        ("contrato.pdf/", ""),
        ("", ""),
    ],
)
def test_what_a_browser_sends_becomes_a_line_of_text(sent: str, kept: str) -> None:
    assert cleaned_name(sent) == kept


@pytest.mark.parametrize("length", [MAXIMUM_NAME, MAXIMUM_NAME + 1, 1900, 100_000])
def test_a_long_name_keeps_its_end(length: int) -> None:
    name = cleaned_name("x" * (length - 4) + ".pdf")
    assert len(name) == MAXIMUM_NAME
    assert name.endswith("x.pdf")


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.pdf", ".pdf"), ("a.b.PDF", ".pdf"), ("a", ""), (".pdf", ""), ("a.", "."), ("", "")],
)
def test_an_extension_is_what_follows_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension
