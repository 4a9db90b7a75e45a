"""The export as JSON, in the form that docs/export.md describes."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from flask import current_app

from idp.accounts.data.exporting.sections import Section, sections
from idp.accounts.models import Account
from idp.taxids import TaxId

SCHEMA_VERSION = 1


def chunks(account: Account, at: datetime) -> Iterator[str]:
    """One object; each section is a member of it, one row a line."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "exported_at": at,
        "service": current_app.config["ISSUER"],
    }
    yield _dumped(head).removesuffix("}")
    for section in sections.values():
        yield f",\n{_dumped(section.name)}: "
        rows = section.rows(account, at)
        yield from _single(section, rows) if section.is_single else _list(section, rows)
    yield "\n}\n"


def _single(section: Section, rows: Iterable[Any]) -> Iterator[str]:
    row = next(iter(rows), None)
    yield "null" if row is None else _object(section, row)


def _list(section: Section, rows: Iterable[Any]) -> Iterator[str]:
    begins = "["
    for row in rows:
        yield f"{begins}\n{_object(section, row)}"
        begins = ","
    yield "[]" if begins == "[" else "\n]"


def _object(section: Section, row: Any) -> str:
    names = (field.name for field in section.fields)
    return _dumped(dict(zip(names, row, strict=True)))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    """Moments in ISO 8601; tax ids as `br:cpf:52998224725`, as in our tokens."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, TaxId | UUID | IPv4Address | IPv6Address):
        return str(value)
    raise TypeError(type(value).__name__)
