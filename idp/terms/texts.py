"""The texts themselves: one HTML fragment a version and language, never changed once published.

`templates/terms/<name>/<version>/<locale>.html`; a version is the year and month in which it came
into force (`2026-11`), and the latest is the current one.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

DIRECTORY = Path(__file__).parent.parent / "templates" / "terms"


class Terms(StrEnum):
    """What a person can be asked to accept."""

    PLATFORM = "platform"  # use of the hosted pages
    PERMISSION = "permission"  # what giving or receiving access to an installation means


@dataclass(frozen=True, slots=True)
class Text:
    """One version in one language; `sha256` (hex) is what the record of acceptance keeps."""

    terms: Terms
    version: str
    locale: str
    html: Markup
    sha256: str


@lru_cache
def current_text(terms: Terms, locale: str) -> Text:
    """The current version in `locale` (a language tag), else in English."""
    versions = (each.name for each in (DIRECTORY / terms).iterdir())
    return text_of(terms, max(versions, key=_in_time), locale)


@lru_cache
def text_of(terms: Terms, version: str, locale: str) -> Text:
    """One version in `locale` (a language tag), else in English."""
    path = DIRECTORY / terms / version / f"{locale}.html"
    if not path.exists():
        path = path.with_name("en.html")
    source = path.read_text(encoding="utf-8")
    return Text(
        terms=terms,
        version=version,
        locale=path.stem,
        html=Markup(source),  # noqa: S704 - ships with the package, holds no user data
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )


def _in_time(version: str) -> list[int]:
    return [int(part) for part in version.split("-")]
