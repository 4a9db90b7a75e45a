"""The export as a page to read and to print: one file, that needs nothing else."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from itertools import chain
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from idp.accounts.data.exporting.sections import Field, Section, sections
from idp.accounts.models import Account
from idp.pages.components import date_of, moment_of
from idp.taxids import TaxId

TEMPLATE = "accounts/data/export_file.html"
STYLE = "accounts/data/export_file.css"


def chunks(account: Account, at: datetime) -> Iterator[str]:
    """The page, in the language of the request; each row is read when it is written."""
    found = ((section, _rows(section, account, at)) for section in sections.values())
    template = current_app.jinja_env.get_template(TEMPLATE)
    return template.generate(account=account, at=at, sections=found, said=said, style=_style())


def _style() -> Markup:
    """The looks of the file, inside it: no policy governs what is opened from a disk."""
    style = current_app.jinja_env.get_template(STYLE).render()
    return Markup(f"<style>\n{style}\n</style>")  # noqa: S704 - ships with the package


def said(field: Field, value: Any) -> str:
    """The value in words."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(said(field, each) for each in value)
    code = value.value if isinstance(value, Enum) else value
    if code in field.words:
        return str(field.words[code])
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment_of(value)
    if isinstance(value, date):
        return date_of(value)
    return value.formatted if isinstance(value, TaxId) else str(value)


def _rows(section: Section, account: Account, at: datetime) -> Iterator[Any] | None:
    """None where there is nothing, which only the first row tells."""
    rows = iter(section.rows(account, at))
    first = next(rows, None)
    return None if first is None else chain([first], rows)
