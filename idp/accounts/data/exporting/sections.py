"""What a section of the export is, and the sections there are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import Select

from idp.accounts.models import Account
from idp.extensions import db
from idp.taxids import TaxId

BATCH = 500  # rows that are in memory at a time


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a row: its name in JSON, and what people read instead of name and value."""

    name: str
    label: LazyString
    words: Mapping[Any, LazyString | str] = field(default_factory=dict)  # for values that are codes


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the file. `rows` gives the account's, one value for each field and in their
    order, from a cursor wherever there can be many; a single one is written without a list."""

    name: str
    title: LazyString
    fields: tuple[Field, ...]
    rows: Callable[[Account, datetime], Iterable[Sequence[Any]]]
    is_single: bool = False
    about: LazyString | str = ""  # for people: what is not plain from title and labels


sections: dict[str, Section] = {}  # by name, in the order of the file


def add(*added: Section) -> None:
    """Let the export have these too."""
    sections.update({section.name: section for section in added})


def streamed(query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows of `query` from a cursor of the database: however many there are, no more than 500
    are in memory. The cursor is closed when the download breaks off, too."""
    with db.session.execute(query.execution_options(yield_per=BATCH)) as rows:
        yield from rows


def hidden_unless(own: TaxId, tax_id: TaxId) -> TaxId | str:
    """The person's own number, and anybody else's masked: what is exported is one's own data."""
    return tax_id if tax_id == own else tax_id.masked
