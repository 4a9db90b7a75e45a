"""What every test may ask for: an application on a real, migrated PostgreSQL.

`app` runs each test inside one outer transaction that is rolled back: a commit of the code under
test ends a savepoint. Tests of concurrency ask for `committed_app` and get a database of their own.
"""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, get_type_hints

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from playwright.sync_api import Browser as Chromium
from sqlalchemy import text
from werkzeug.test import TestResponse

from config import Settings, profiles
from config.settings import Mode
from idp import create_app, migrations, reads
from idp.extensions import db
from tests.chromium import running_chromium
from tests.database import empty_database, running_server
from tests.scheduling import Together, turn_of

# The same examples in every run, so that a red one is the fault of what changed;
# HYPOTHESIS_PROFILE=searching tries others each time. A machine that runs other tests too may be
# slow with any of them.
AT_LEISURE = property_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.register_profile("repeatable", AT_LEISURE, derandomize=True)
property_settings.register_profile("searching", AT_LEISURE, derandomize=False)
property_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

SETTINGS = {
    "mode": Mode.TEST,
    "secret_key": "a secret that only the tests know, long enough",
    "data_encryption_key": "another secret that only the tests know, long enough",
    "argon2_memory_kib": 8,  # cheap on purpose: what is tested is not the hash
    "argon2_time_cost": 1,
    "answer_step_milliseconds": 0,
    "support_contact": "ajuda@outorga.test",
    "log_level": "WARNING",
}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing that is made here is ever garbage: it isn't looked through for it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that nobody waits for it at the end."""
    items.sort(key=turn_of)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Who runs what, where there are several processes."""
    return Together(config, log)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL server of this test process."""
    with running_server() as url:
        yield url


def make_app(database_url: str, profile: str = profiles.DEFAULT, **changes: object) -> Flask:
    """An application of the tests' settings under this market profile, with `changes`."""
    values = {**SETTINGS, **settings_of(profile), "database_url": database_url, **changes}
    settings = Settings(**values)  # type: ignore[arg-type]
    app = create_app(settings)
    app.test_client_class = Browser
    return app


def settings_of(profile: str) -> dict[str, object]:
    """What the market profile sets, with its name."""
    return {"idp_profile": profile, **profiles.read(profile, get_type_hints(Settings))}


@pytest.fixture(scope="session")
def migrated_template(server_url: str) -> Iterator[str]:
    """The name of a migrated database to copy: every step anew would take several times as long."""
    name = "outorga_template"
    with empty_database(server_url, name) as url:
        with running_app(url) as app, app.app_context():
            migrations.apply(db.engine)
        yield name


@contextmanager
def running_app(database_url: str) -> Iterator[Flask]:
    """An application that leaves nothing behind: no thread that listens, no connection."""
    app = make_app(database_url)
    yield app
    app.extensions["oauth_caches"].stop()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated_app(server_url: str, migrated_template: str) -> Iterator[Flask]:
    """One application for the whole run."""
    name = "outorga_test"
    with empty_database(server_url, name, migrated_template) as url, running_app(url) as app:
        yield app


@pytest.fixture
def app(migrated_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test."""
    with migrated_app.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        factory = db.session.session_factory
        monkeypatch.setattr(factory.class_, "get_bind", lambda *_args, **_kwargs: connection)
        monkeypatch.setitem(factory.kw, "join_transaction_mode", "create_savepoint")
        driver: Any = connection.connection.driver_connection
        monkeypatch.setattr(reads, "_reader", lambda: nullcontext(reads.Reader(driver)))
        yield migrated_app
        db.session.remove()
        outer.rollback()
        for committed_at_once in ("rate_limits", "used_dpop_proofs", "used_assertions"):
            connection.execute(text(f"DELETE FROM {committed_at_once}"))  # noqa: S608 - our own names
        connection.commit()
        connection.close()


@pytest.fixture
def under_profile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Call it with a market profile's name: `app` is under that market until the test ends."""

    def change(profile: str) -> None:
        values = {name.upper(): value for name, value in settings_of(profile).items()}
        for name, value in {**values, "PROFILE": profiles.load(profile)}.items():
            monkeypatch.setitem(app.config, name, value)

    return change


class Browser(FlaskClient):
    """Gives each request a context of its own, as a server does: what one request keeps in `g`
    (who is signed in, the language) is not there in the next. The test then sees the changes."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request."""
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if has_app_context():
            db.session.expire_all()
        return response


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a browser, that speaks English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def committed_app(server_url: str, migrated_template: str) -> Iterator[Flask]:
    """An application whose commits are real, for tests with several threads or processes."""
    name = "outorga_concurrency"
    with empty_database(server_url, name, migrated_template) as url, running_app(url) as app:
        yield app


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One real browser for all tests of this process; each person gets a profile of their own."""
    with running_chromium() as browser:
        yield browser
