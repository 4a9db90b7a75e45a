"""The protocol as a PDF, read back."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from pypdf import PdfReader

from idp import clock
from idp.accounts.models import Account
from idp.grants.models import Extent
from idp.invitations.paper import document, words
from idp.invitations.paper.codes import code_of
from idp.taxids import TaxId
from tests.factories.accounts import an_account
from tests.factories.invitations import an_invitation
from tests.factories.papers import (
    a_protocol,
    printed,
    read,
    recorded,
    text_of,
)
from tests.factories.registry import a_holder, an_installation, holdings

AT = datetime(2019, 3, 4, 15, 30, tzinfo=UTC)
A4 = (595.28, 841.89)  # points


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


def test_it_says_who_may_do_what_where_and_until_when(maria: Account) -> None:
    place = an_installation(maria.tax_id, "3009", address="Rua Ação, 7", city="São Paulo")
    end = datetime(2020, 1, 1, 2, 59, 59, tzinfo=UTC)
    invitation = a_protocol(maria, [place], at=AT, grant_expires_at=end)
    text = text_of(printed(invitation, at=AT))
    for said in (
        *(invitation.protocol, code_of(invitation.public_id)),
        *("Maria da Silva · ***.982.247-**", "João Souza · ***.533.447-**"),
        *("Authorised person", "See bills, consumption and data, without changing anything"),
        *("3009", "Rua Ação, 7", "São Paulo, SP", "1 installation, and no other"),
        *("December 31, 2019 (GMT-03:00)", "Mar 4, 2019, 12:30", "(GMT-03:00)"),
        *("Take this access back", "ajuda@outorga.test", "http://localhost:8000/protocols"),
        *("Terms of access permission, 2026-11 (en)", recorded(invitation).facts.fingerprint),
    ):
        assert said in text, said


def test_no_whole_tax_id_and_no_address_of_a_person_is_on_it(maria: Account) -> None:
    content = printed(a_protocol(maria))
    for secret in ("529.982", "52998224725", "390.533", "39053344705", "joao@", "maria@"):
        assert secret not in text_of(content)
        assert secret.encode() not in content


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("pt-BR", ("Titular", "Pessoa convidada", "Como retirar", "4 de mar. de 2019")),
        ("es", ("Titular", "Persona invitada", "Cómo retirar", "4 mar 2019")),
        ("en", ("Holder", "Person invited", "How to take it back", "Mar 4, 2019")),
    ],
)
def test_it_speaks_the_readers_language(
    maria: Account, locale: str, words: tuple[str, ...]
) -> None:
    content = printed(a_protocol(maria, at=AT), locale, AT)
    for word in words:
        assert word in text_of(content)
    assert str(read(content).root_object["/Lang"]) == locale


def test_an_archive_finds_title_author_and_language(maria: Account) -> None:
    invitation = a_protocol(maria, at=AT)
    paper = read(printed(invitation, "pt-BR"))
    xmp = paper.xmp_metadata
    assert xmp is not None
    assert xmp.dc_title == {"x-default": f"Protocolo {invitation.protocol}"}
    assert (xmp.dc_creator, xmp.dc_language) == (["Outorga"], ["pt-BR"])
    assert (xmp.pdfaid_part, xmp.pdfaid_conformance) == ("2", "U")
    for page in paper.pages:
        assert [round(float(size), 2) for size in page.mediabox[2:]] == list(A4)


def test_its_fonts_are_embedded_as_far_as_they_are_used(maria: Account) -> None:
    content = printed(a_protocol(maria))
    fonts = fonts_of(read(content))
    assert len(fonts) == 2
    for name, has_file in fonts.items():
        assert "+Roboto" in name and has_file
    assert len(content) < 60_000


def fonts_of(paper: PdfReader) -> dict[str, bool]:
    """Each font's name, and whether the file comes with the document."""
    found = {}
    for font in paper.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        found[descendant["/BaseFont"]] = "/FontFile2" in descendant["/FontDescriptor"]
    return found


def test_the_same_record_gives_the_same_bytes_on_any_day(maria: Account) -> None:
    invitation = a_protocol(maria, at=AT)
    lapsed = AT + timedelta(days=1)
    first = printed(invitation, at=lapsed)
    assert first == printed(invitation, at=lapsed + timedelta(days=3000))
    assert f"{clock.now():%Y-%m-%d}".encode() not in first
    assert f"D:{clock.now():%Y%m%d}".encode() not in first


def test_long_lists_are_printed_without_addresses_and_longer_ones_only_counted(
    maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "WITH_ADDRESSES", 2)
    monkeypatch.setattr(document, "PRINTED", 4)
    owned = holdings(maria.tax_id, 5, address="Rua Azul, 1")
    for count, has_codes, has_addresses in ((2, True, True), (4, True, False), (5, False, False)):
        invitation = a_protocol(maria, owned[:count])
        text = text_of(printed(invitation))
        assert all((each.code in text) is has_codes for each in owned[:count])
        assert ("Rua Azul, 1" in text) is has_addresses
        assert f"{count} installations" in text
        assert recorded(invitation).facts.list_sha256 in text


def test_many_installations_take_several_numbered_pages(maria: Account) -> None:
    invitation = a_protocol(maria, holdings(maria.tax_id, 600))
    pages = read(printed(invitation)).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert f"{number} / {len(pages)}" in text
        assert invitation.protocol in text


def test_codes_of_two_distributors_are_told_apart(maria: Account) -> None:
    places = [
        an_installation(maria.tax_id, "77", distributor=name) for name in ("elektro", "bandeira")
    ]
    text = text_of(printed(a_protocol(maria, places)))
    assert "Distributor: bandeira" in text and "Distributor: elektro" in text


def test_an_offer_of_everything_lists_nothing(app: Flask, maria: Account) -> None:
    an_installation(maria.tax_id, "3777")
    invitation = a_protocol(maria, [], extent=Extent.EVERYTHING)
    text = text_of(printed(invitation))
    assert "All in the holder's name, also those that come later" in text
    assert "3777" not in text and "SHA-256 of the list" not in text
    with app.test_request_context(headers={"Accept-Language": "en"}):
        passed_on = replace(recorded(invitation).facts, is_passed_on=True)
        assert words.extent_of(passed_on).startswith("All that whoever sent it has access to")


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Żółć ĄČĘĖĮŠŲŪŽ",
        "Montserrat Col·lell i Güell",
        "李小龍 🦊",
        "\N{RIGHT-TO-LEFT OVERRIDE}محمد",
        "x" * 256,
        "<b>{nb}</b> **bold** --under--",
        "a\x07\tc\nd",
    ],
)
def test_any_name_can_be_printed(maria: Account, name: str) -> None:
    text = text_of(printed(an_invitation(maria, guest_name=name)))
    known = "".join(each if each < "\u0250" and each.isprintable() else "" for each in name)
    letters = text.replace("\N{REPLACEMENT CHARACTER}", "").replace(" ", "")
    assert known[:60].replace(" ", "") in letters


def test_what_the_typeface_has_not_is_seen_to_be_missing(maria: Account) -> None:
    text = text_of(printed(an_invitation(maria, guest_name="Ana 李")))
    assert "Ana \N{REPLACEMENT CHARACTER}" in text


def test_a_company_is_masked_as_well(maria: Account) -> None:
    company = a_holder(TaxId.parse_canonical("br:cnpj:11222333000181"), "Padaria Estrela Ltda")
    place = an_installation(company.tax_id)
    invitation = a_protocol(maria, [place], holder_tax_id=company.tax_id)
    text = text_of(printed(invitation))
    assert "Padaria Estrela Ltda · **.222.333/****-**" in text
    assert "Sent for the holder by Maria da Silva · ***.982.247-**" in text


def test_the_list_is_hashed_as_the_docs_say(maria: Account) -> None:
    places = [an_installation(maria.tax_id, code) for code in ("b", "a", "Z", "10", "9")]
    listed = "".join(f"elektro;{code}\n" for code in ("10", "9", "Z", "a", "b"))
    facts = recorded(an_invitation(maria, places)).facts
    assert facts.list_sha256 == hashlib.sha256(listed.encode()).hexdigest()
