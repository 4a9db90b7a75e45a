"""Languages: negotiated from the address, the cookie and the browser; catalogues read as they are.

Messages are English sentences in the code. `translations/<locale>/LC_MESSAGES/` holds one `.po`
file for each feature; they are read once at start, so there is no compiled file to forget.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, Domain, format_number, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

COOKIE = "locale"
NEGOTIATED = "idp.language"  # in the WSGI environment: decided once for each request
PARAMETERS = ("lang", "ui_locales")
CATALOGUES = Path(__file__).parent / "translations"
HYPHENATED = re.compile(r"\b([Ee])-mail")
COOKIE_LIFE = 365 * 24 * 3600

# Each language in its own words, for the switch in the header.
NAMES = {
    "pt-BR": "Português",
    "es": "Español",
    "ca": "Català",
    "lt": "Lietuvių",
    "en": "English",
    "fr": "Français",
}


class Catalogues(Domain):
    """Flask-Babel's domain, over all `.po` files of a language at once."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the current language."""
        locale = get_locale()
        return read_catalogues(str(locale) if locale else "en")

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """The plural form for `num`, which is written as the language groups digits."""
        text: str = self.get_translations().ngettext(singular, plural, num)
        return text % {"num": format_number(num), **variables}


def unbroken(text: str) -> str:
    """`text` with a hyphen in "e-mail" that no line ends after: a lone "e-" reads badly."""
    return HYPHENATED.sub("\\1\N{NON-BREAKING HYPHEN}mail", text)


@lru_cache
def read_catalogues(locale: str) -> NullTranslations:
    """All messages of `locale` (`pt_BR`), from every feature's file."""
    merged: Translations | None = None
    for path in sorted((CATALOGUES / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=locale)
        for message in catalogue:
            said = message.string or ""
            message.string = unbroken(said) if isinstance(said, str) else [*map(unbroken, said)]
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        translations = Translations(compiled)
        merged = merged.merge(translations) if merged else translations
    return merged or NullTranslations()


def init_app(app: Flask) -> None:
    """Choose the language of each request and keep a choice made in the header."""
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["LOCALES"][0].replace("-", "_")
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.config["TIME_ZONE"]
    Babel(app, locale_selector=lambda: negotiate().replace("-", "_"))  # type: ignore[no-untyped-call]
    app.extensions["babel"].instance.domain_instance = Catalogues()  # type: ignore[no-untyped-call]
    app.after_request(remember_choice)
    app.jinja_env.globals.update(
        current_language=negotiate,
        language_names=NAMES,
        gettext=_stopping(cast(Callable[..., str], app.jinja_env.globals["gettext"])),
        ngettext=_grouping(cast(Callable[..., str], app.jinja_env.globals["ngettext"])),
    )


def stopped_once(text: str, variables: dict[str, Any]) -> str:
    """`text` without a second full stop after "Padaria Aurora Ltda." at the end of a sentence."""
    for value in variables.values():
        if isinstance(value, str) and value.endswith("."):
            written = escape(value) if isinstance(text, Markup) else value
            text = text.replace(f"{written}.", written)
    return text


def _stopping(gettext: Callable[..., str]) -> Callable[..., str]:
    """The template's function, with one full stop at the end of a sentence."""

    @pass_context
    def stopping(context: Context, message: str, /, **variables: Any) -> str:
        return stopped_once(gettext(context, message, **variables), variables)

    return stopping


def _grouping(ngettext: Callable[..., str]) -> Callable[..., str]:
    """The same for a number of things, with `num` written as the language groups digits."""

    @pass_context
    def grouped(
        context: Context, singular: str, plural: str, number: int, /, **variables: Any
    ) -> str:
        variables.setdefault("num", format_number(number))
        text = ngettext(context, singular, plural, number, **variables)
        return stopped_once(text, variables)

    return grouped


def negotiate() -> str:
    """The language tag of this request (`pt-BR`), in order: address, cookie, browser, default."""
    if forced := g.get("locale"):
        return str(forced)
    offered = current_app.config["LOCALES"]
    if not request:
        return str(offered[0])
    if NEGOTIATED not in request.environ:
        request.environ[NEGOTIATED] = _wanted(offered)
    return str(request.environ[NEGOTIATED])


def _wanted(offered: tuple[str, ...]) -> str:
    wanted = [
        *(tag for name in PARAMETERS for tag in request.args.get(name, "").split()),
        request.cookies.get(COOKIE, ""),
    ]
    for tag in wanted:
        if match := _closest(tag, offered):
            return match
    for tag, _quality in request.accept_languages:
        if match := _closest(tag, offered):
            return match
    return offered[0]


def remember_choice(response: Response) -> Response:
    """Keep the language that the person picked with `?lang=` for a year."""
    chosen = _closest(request.args.get("lang", ""), current_app.config["LOCALES"])
    if chosen:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=COOKIE_LIFE,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


def _closest(tag: str, offered: tuple[str, ...]) -> str | None:
    folded = tag.lower().replace("_", "-")
    for candidate in offered:
        if candidate.lower() == folded:
            return candidate
    primary = folded.split("-")[0]
    return next(
        (each for each in offered if primary and each.lower().split("-")[0] == primary), None
    )
