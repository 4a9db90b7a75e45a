"""What every template may call: formatted dates, the address of this page in another language."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, request
from flask_babel import format_date, format_datetime, format_number, format_time

from idp import phones
from idp.i18n import negotiate
from idp.pages.navigation import navigation


def init_app(app: Flask) -> None:
    """Make them globals and filters of the templates."""
    app.jinja_env.globals.update(
        in_language=in_language,
        offered_languages=offered_languages,
        navigation=navigation,
        brand_name=app.config["BRAND_NAME"],
        support_contact=app.config["SUPPORT_CONTACT"],
    )
    app.jinja_env.filters.update(
        colon=with_colon,
        date=date_of,
        moment=moment_of,
        number=format_number,
        phone=phones.readable,
    )


def moment_of(value: datetime | str, style: str = "") -> str:
    """Day and time to the minute, in the deployment's time zone, or in a style of Babel's.

    Mails carry times as ISO 8601 text.
    """
    if style:
        return str(format_datetime(_read(value), style))  # type: ignore[no-untyped-call]
    return f"{date_of(value, 'medium')}, {format_time(_read(value), 'short')}"  # type: ignore[no-untyped-call]


def date_of(value: datetime | date | str, style: str = "long") -> str:
    """The day, in the deployment's time zone."""
    return str(format_date(_read(value), style))  # type: ignore[no-untyped-call]


def with_colon(text: str) -> str:
    """`text` in front of what it names; French has a space before the colon."""
    return text + ("\N{NO-BREAK SPACE}:" if negotiate() == "fr" else ":")


def _read(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def in_language(tag: str) -> str:
    """This page's address with `?lang=`; a page that was posted to comes back as its form.

    A path that begins with two slashes, or a backslash, would name another site.
    """
    arguments = {**request.args.to_dict(), "lang": tag}
    path = quote(request.path.lstrip("/"))
    return f"/{path}?{urlencode(arguments)}"


def offered_languages() -> tuple[str, ...]:
    """The languages of the switch."""
    offered: tuple[str, ...] = current_app.config["LOCALES"]
    return offered
