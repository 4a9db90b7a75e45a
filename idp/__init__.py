"""Outorga: identity and delegation for energy utilities."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import InvalidSettings, Settings
from idp import (
    access,
    accounts,
    admin,
    api,
    contacts,
    grants,
    headers,
    http_errors,
    i18n,
    invitations,
    logs,
    machine,
    mail,
    mandates,
    metrics,
    oauth,
    pages,
    reads,
    registry,
    uploads,
    well_formed,
)
from idp.extensions import csrf, db, end_reading, engine_options

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The web application; settings come from the environment unless given.

    An environment that can't be served ends the process before anything is opened, with a line
    for each setting that is missing or wrong instead of a trace.
    """
    settings = settings or settings_of_this_process()
    app = Flask(__name__)
    configure(app, settings)
    for part in (logs, metrics, http_errors, i18n, headers, uploads, well_formed):
        part.init_app(app)
    db.init_app(app)
    reads.init_app(app)
    app.after_request(end_reading)
    csrf.init_app(app)
    register_features(app)
    machine.init_app(app)
    stand_behind_proxies(app)
    return app


def settings_of_this_process() -> Settings:
    """What the environment says; raises SystemExit."""
    try:
        return Settings.from_environment(os.environ)
    except InvalidSettings as error:
        raise SystemExit(str(error)) from None


def configure(app: Flask, settings: Settings) -> None:
    """Our settings, and those of the extensions that follow from them."""
    is_secure = settings.issuer.startswith("https://")
    app.config.from_mapping(settings.as_flask_config())
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url.replace(
            "postgresql://", "postgresql+psycopg://", 1
        ),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_pool_size),
        # Flask's own signed cookie: the CSRF secret, and what was typed when a session ended. No
        # subdomain can plant one (RFC 6265bis 4.1.3), and with it a form of its own choice.
        SESSION_COOKIE_NAME="__Host-form" if is_secure else "form",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=settings.session_life_seconds,
        WTF_CSRF_SSL_STRICT=False,  # needs a Referer, which our own policy withholds
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def stand_behind_proxies(app: Flask) -> None:
    """Believe as many of them as there are, before anything reads an address."""
    if hops := app.config["PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def register_features(app: Flask) -> None:
    """Every feature's pages and endpoints, from the bottom of the house up."""
    for feature in (
        mail,
        pages,
        accounts,
        registry,
        grants,
        invitations,
        mandates,
        contacts,
        oauth,
        access,
        api,
        admin,
    ):
        feature.init_app(app)
