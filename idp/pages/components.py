"""What every template may call: formatted dates, the address of this page in another language."""

from urllib.parse import urlencode

from flask import Flask, current_app, request
from flask_babel import format_date, format_datetime, format_number


def init_app(app: Flask) -> None:
    """Make them globals and filters of the templates."""
    app.jinja_env.globals.update(
        in_language=in_language,
        brand_name=app.config["BRAND_NAME"],
        support_contact=app.config["SUPPORT_CONTACT"],
    )
    app.jinja_env.filters.update(date=format_date, moment=format_datetime, number=format_number)


def in_language(tag: str) -> str:
    """This page's address with `?lang=`; a page that was posted to comes back as its form."""
    arguments = {**request.args.to_dict(), "lang": tag}
    return f"{request.path}?{urlencode(arguments)}"


def offered_languages() -> tuple[str, ...]:
    """The languages of the switch."""
    offered: tuple[str, ...] = current_app.config["LOCALES"]
    return offered
