"""The texts themselves: one HTML fragment a version and language, never changed once published.

`templates/terms/<folder>/<version>/<locale>.html`; the folder has the name of the text unless the
market's profile names another one. A version is the year and month in which it came into force
(`2026-11`), and the latest is the current one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from flask import current_app
from markupsafe import Markup

DIRECTORY = Path(__file__).parent.parent / "templates" / "terms"


class Terms(StrEnum):
    """What a person can be asked to accept."""

    PLATFORM = "platform"  # use of the hosted pages
    PERMISSION = "permission"  # what giving or receiving access to an installation means
    AGENCY = "agency"  # what a real-estate agency answers for


# What whoever accepts an invitation accepts with it.
OF_A_GUEST = (Terms.PLATFORM, Terms.PERMISSION)


@dataclass(frozen=True, slots=True)
class Text:
    """One version in one language; `sha256` (hex) is what the record of acceptance keeps."""

    terms: Terms
    version: str
    locale: str
    html: Markup
    sha256: str


def current_text(terms: Terms, locale: str) -> Text:
    """The market's current version in `locale` (a language tag), else in English."""
    return _read(terms, folder_of(terms), "", locale)


def text_of(terms: Terms, version: str, locale: str) -> Text:
    """One version of the market's text in `locale` (a language tag), else in English."""
    return _read(terms, folder_of(terms), version, locale)


def find_text(terms: Terms, version: str, locale: str, *, sha256: str) -> Text | None:
    """The text that has this hash, whichever market's it is: the deployment's may have become
    another one. None: no such text ships with us."""
    for folder in sorted(each.name for each in DIRECTORY.iterdir()):
        if (DIRECTORY / folder / version / f"{locale}.html").is_file():
            text = _read(terms, folder, version, locale)
            if text.sha256 == sha256:
                return text
    return None


def folder_of(terms: Terms) -> str:
    """Where this market's versions of the text lie, below `DIRECTORY`."""
    own: Mapping[str, str] = current_app.config["PROFILE"].terms
    return own.get(terms, terms)


@lru_cache
def _read(terms: Terms, folder: str, version: str, locale: str) -> Text:
    """`version` is empty for the latest."""
    published = DIRECTORY / folder
    version = version or max((each.name for each in published.iterdir()), key=_in_time)
    path = published / version / f"{locale}.html"
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
