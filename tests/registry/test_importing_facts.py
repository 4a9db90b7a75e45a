"""Imports that bring what shows who is the holder."""

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from idp import clock
from idp.extensions import db, transaction
from idp.registry.files import Format, read
from idp.registry.importing import Counts, import_rows
from idp.registry.proofs import PROOFS
from idp.registry.rows import COLUMNS, BadRow
from idp.taxids import TaxId
from tests.registry.files import JOAO, MARIA, a_row, as_csv, as_ndjson

EVERY_COLUMN = (*COLUMNS, "contract_number", "bank_digits", "invoice_totals")
FACTS = {"contract_number": "MR-1", "bank_digits": "4321", "invoice_totals": "84,12|1.052,30"}
PROBLEMS: list[tuple[int, str, str]] = []


def run(content: bytes, form: Format = Format.CSV) -> Counts:
    PROBLEMS.clear()

    def report(line: int, bad: BadRow) -> None:
        PROBLEMS.append((line, bad.column, bad.problem))

    with transaction():
        return import_rows(read(io.BytesIO(content), form), report=report, at=clock.now())


def with_facts(*rows: dict[str, str]) -> bytes:
    return as_csv(*rows, columns=EVERY_COLUMN)


def knows(holder: str, kind: str, typed: str) -> bool:
    return PROOFS[kind](TaxId.parse_canonical(holder), typed)


def kept() -> list[tuple[object, ...]]:
    """Every row with the transaction that wrote it."""
    return [
        tuple(row)
        for row in db.session.execute(
            text("SELECT xmin, kind, fingerprint FROM contract_facts ORDER BY kind, fingerprint")
        )
    ]


def test_what_a_row_tells_proves_its_holder(app: Flask) -> None:
    run(with_facts(a_row(**FACTS), a_row(code="2", holder=JOAO, bank_digits="9999")))
    assert PROBLEMS == []
    assert knows(MARIA, "contract_number", "mr1")
    assert knows(MARIA, "bank_digits", "4321")
    assert knows(MARIA, "invoice_total", "84.12")
    assert knows(MARIA, "invoice_total", "€ 1052,30")
    assert knows(JOAO, "bank_digits", "9999")
    assert not knows(JOAO, "bank_digits", "4321")


def test_no_fact_reaches_the_database_in_clear(app: Flask) -> None:
    run(with_facts(a_row(**{**FACTS, "contract_number": "SECRETCONTRACT"})))
    dump = " ".join(
        str(row) for row in db.session.execute(text("SELECT * FROM contract_facts")).all()
    )
    for told in ("SECRETCONTRACT", "4321", "8412", "105230"):
        assert told not in dump


def test_the_same_file_twice_changes_nothing(app: Flask) -> None:
    content = with_facts(a_row(**FACTS))
    run(content)
    before = kept()
    assert len(before) == 4
    run(content)
    assert kept() == before


def test_a_file_without_the_columns_leaves_what_is_known(app: Flask) -> None:
    run(with_facts(a_row(**FACTS)))
    before = kept()
    run(as_csv(a_row(city="Itu")))
    assert kept() == before


def test_each_import_replaces_what_it_tells_and_an_empty_field_removes_it(app: Flask) -> None:
    run(with_facts(a_row(**FACTS)))
    run(with_facts(a_row(contract_number="MR-1", bank_digits="", invoice_totals="84,12|99")))
    assert knows(MARIA, "contract_number", "MR-1")
    assert not knows(MARIA, "bank_digits", "4321")
    assert knows(MARIA, "invoice_total", "99,00")
    assert knows(MARIA, "invoice_total", "84,12")
    assert not knows(MARIA, "invoice_total", "1052,30")


def test_a_fact_that_another_installation_brings_too_stays(app: Flask) -> None:
    run(with_facts(a_row(bank_digits="4321"), a_row(code="2", bank_digits="4321")))
    run(with_facts(a_row(bank_digits="")))
    assert knows(MARIA, "bank_digits", "4321")


def test_a_change_of_holder_ends_what_the_former_one_knows(app: Flask) -> None:
    run(with_facts(a_row(**FACTS), a_row(code="2", bank_digits="1111")))
    assert run(as_csv(a_row(holder=JOAO))).transferred == 1
    for kind, typed in (("contract_number", "MR-1"), ("bank_digits", "4321")):
        assert not knows(MARIA, kind, typed)
        assert not knows(JOAO, kind, typed)
    assert knows(MARIA, "bank_digits", "1111")


def test_the_new_holder_knows_what_came_with_the_change(app: Flask) -> None:
    run(with_facts(a_row(**FACTS)))
    run(with_facts(a_row(holder=JOAO, **{**FACTS, "bank_digits": "9999"})))
    assert knows(JOAO, "contract_number", "MR-1")
    assert not knows(MARIA, "contract_number", "MR-1")
    assert knows(JOAO, "bank_digits", "9999")


def test_ndjson_takes_a_list_or_a_text_of_totals(app: Flask) -> None:
    listed = as_ndjson(a_row(invoice_totals="X")).replace(b'"X"', b'["84,12", "99.50"]')
    run(listed + as_ndjson(a_row(code="2", invoice_totals="12,30|7")), Format.NDJSON)
    assert PROBLEMS == []
    for typed in ("84.12", "99,5", "12.3", "7"):
        assert knows(MARIA, "invoice_total", typed)


@pytest.mark.parametrize(
    "totals", [b"[1]", b"84.12", b"null", b"[[]]", b"{}", b'["1","2","3","4"]']
)
def test_other_totals_are_refused_by_line(app: Flask, totals: bytes) -> None:
    rows = as_ndjson(a_row(), a_row(code="2", invoice_totals="X")).replace(b'"X"', totals)
    assert run(rows, Format.NDJSON).refused == 1
    assert [(line, column) for line, column, _problem in PROBLEMS] == [(2, "invoice_totals")]


def test_a_row_with_a_bad_fact_is_refused_with_its_line_and_never_repeats_it(app: Flask) -> None:
    account = "ES9121000418450200051332"
    counts = run(with_facts(a_row(), a_row(code="2", bank_digits=account), a_row(code="3")))
    assert (counts.added, counts.refused) == (2, 1)
    ((line, column, problem),) = PROBLEMS
    assert (line, column) == (3, "bank_digits")
    assert account not in problem


def test_the_example_of_the_documentation_is_taken(app: Flask) -> None:
    page = Path(__file__).parent.parent.parent / "docs" / "registry-import.md"
    blocks = page.read_text().split("```\n")
    example = next(block for block in blocks if ",invoice_totals\n" in block)
    assert run(example.encode()).added == 1
    assert PROBLEMS == []
    assert knows("es:nif:12345679S", "invoice_total", "92,47")
