"""Import files for tests."""

import csv
import io
import json

from idp.registry.rows import COLUMNS

MARIA = "br:cpf:52998224725"
JOAO = "br:cpf:39053344705"

ROW = {
    "distributor": "elektro",
    "code": "3001234567",
    "holder": MARIA,
    "holder_name": "Maria da Silva",
    "address": "Rua das Flores, 10",
    "city": "Campinas",
    "state": "SP",
    "postal_code": "13010-000",
    "segment": "low_voltage",
    "status": "active",
}


def a_row(**changes: str) -> dict[str, str]:
    """One installation of Maria's."""
    return {**ROW, **changes}


def as_csv(
    *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, delimiter: str = ","
) -> bytes:
    """A CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_ndjson(*rows: dict[str, str]) -> bytes:
    """An NDJSON file."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
