"""Translation catalogues, kept in step with the code: one `.po` file a feature and language.

`python -m tests.messages update [feature…]` adds new messages (empty, or as another feature
translates the same sentence), keeps translations and drops what is unused; `check` lists what is
missing. Files are sorted and carry no line numbers or dates, so that a diff shows words alone.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from jinja2 import TemplateSyntaxError

IDP = Path(__file__).parent.parent / "idp"
CATALOGUES = IDP / "translations"
LOCALES = ("pt_BR", "es", "ca", "lt", "fr")
# Each feature, and the beginnings of the names of its mails. A part of `accounts` has its own.
FEATURES: dict[str, tuple[str, ...]] = {
    "accounts": ("account_",),
    "accounts_registration": ("registration_",),
    "accounts_sign_in": ("sign_in_",),
    "accounts_passwords": ("password_",),
    "accounts_factors": ("factor_",),
    "accounts_recovery": ("recovery_", "email_"),
    "accounts_data": ("data_",),
    "registry": ("registry_",),
    "evidence": ("evidence_",),
    "grants": ("grant_",),
    "invitations": ("invitation_",),
    "mandates": ("mandate_",),
    "contacts": ("contact_",),
    "oauth": ("oauth_",),
    "admin": ("staff_",),
}
SHARED = "shared"  # whatever belongs to no feature
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")

Msgid = str | tuple[str, str]


def feature_of(path: Path) -> str:
    """Which feature's catalogue the file's messages go into."""
    parts = path.relative_to(IDP).parts
    if parts[:2] == ("templates", "mail"):
        return next((name for name, mail in FEATURES.items() if parts[2].startswith(mail)), SHARED)
    folders = parts[1:-1] if parts[0] == "templates" else parts[:-1]
    named = ("_".join(folders[:depth]) for depth in (2, 1))
    return next((name for name in named if name in FEATURES), SHARED)


def extracted(feature: str) -> list[Msgid]:
    """Every message of the feature's code and templates, sorted."""
    files = (*IDP.rglob("*.py"), *(IDP / "templates").rglob("*.*"))
    mine = (path for path in files if path.is_file() and feature_of(path) == feature)
    return sorted({msgid for path in mine for msgid in messages_in(path)}, key=singular)


def messages_in(path: Path) -> Iterator[Msgid]:
    """Every message of one file; a template that can't be read raises and is named."""
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    try:
        for _line, msgid, _comments, _context in extract_from_file(
            method, path, keywords=KEYWORDS, options={"silent": "false"}
        ):
            if msgid:
                yield msgid if isinstance(msgid, str) else (msgid[0], msgid[1])
    except TemplateSyntaxError as error:
        error.add_note(str(path))
        raise


def singular(msgid: Msgid | list[str] | tuple[str, ...]) -> str:
    """The message itself, of one that has a plural."""
    return msgid if isinstance(msgid, str) else msgid[0]


def path_of(feature: str, locale: str) -> Path:
    """Where the catalogue lies."""
    return CATALOGUES / locale / "LC_MESSAGES" / f"{feature}.po"


def read(feature: str, locale: str) -> Catalog:
    """The catalogue as it is; empty when there is none."""
    path = path_of(feature, locale)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale, abort_invalid=True)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Its messages, without the header."""
    return (message for message in catalogue if message.id)


def update(features: Sequence[str], locale: str) -> None:
    """Write the catalogues anew, with every translation that is still of use.

    All are read before any is written: a sentence may move from one to another.
    """
    translated = {name: dict(translations(name, locale)) for name in (*FEATURES, SHARED)}
    everywhere = {msgid: said for each in translated.values() for msgid, said in each.items()}
    for feature in features:
        known = {**everywhere, **translated[feature]}  # the feature's own words win
        catalogue = Catalog(locale=locale)
        for msgid in extracted(feature):
            catalogue.add(msgid, known.get(msgid))
        path = path_of(feature, locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))


def translations(feature: str, locale: str) -> Iterator[tuple[Msgid, Any]]:
    """Each message that is translated, and its text or its plural forms."""
    for message in messages(read(feature, locale)):
        if message.string:
            msgid = message.id
            yield msgid if isinstance(msgid, str) else (msgid[0], msgid[1]), message.string


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file."""
    target = BytesIO(header(catalogue).encode())
    target.seek(0, SEEK_END)
    write_po(target, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return target.getvalue()


def header(catalogue: Catalog) -> str:
    """What a reader of the file needs to know, and no date."""
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )


def problems(feature: str, locale: str) -> list[str]:
    """What is wrong with the catalogue, one line each: a complete one has none."""
    there = {message.id: message for message in messages(read(feature, locale))}
    wanted = extracted(feature)
    found = [f"missing: {singular(msgid)}" for msgid in wanted if msgid not in there]
    found += [f"unused: {singular(msgid)}" for msgid in there if msgid not in wanted]
    for message in there.values():
        found += [f"{problem}: {singular(message.id)}" for problem in faults(message)]
    return [f"{locale}/{feature}: {each}" for each in found]


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    string = message.string or ""
    texts = [string] if isinstance(string, str) else list(string)
    if not all(texts):
        yield "untranslated"
        return
    if message.fuzzy:
        yield "fuzzy"
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    if placeholders(texts[-1:]) != placeholders(originals[-1:]):
        yield "other placeholders"
    if not placeholders(texts) <= placeholders(originals):
        yield "unknown placeholders"


def placeholders(texts: Iterable[str]) -> set[str]:
    """Every `%(name)s` in them."""
    return {each for text in texts for each in PLACEHOLDER.findall(text)}


def main(arguments: list[str]) -> int:
    """`update` or `check`, for the features named or for all."""
    match arguments:
        case ["update" | "check" as action, *named] if {*named} <= {*FEATURES, SHARED}:
            features = named or [*FEATURES, SHARED]
        case _:
            print(__doc__, f"Features: {', '.join((*FEATURES, SHARED))}", sep="\n", file=sys.stderr)
            return 2
    for locale in LOCALES if action == "update" else ():
        update(features, locale)
    found = [fault for each in features for locale in LOCALES for fault in problems(each, locale)]
    print(*found or ["complete"], sep="\n")
    return 1 if found and action == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
