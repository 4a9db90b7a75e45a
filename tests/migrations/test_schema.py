import threading
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import text

from idp import migrations
from idp.extensions import Base, db
from tests.conftest import make_app
from tests.database import empty_database

TABLES = text("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")


@pytest.fixture
def empty_app(server_url: str) -> Iterator[Flask]:
    """An application whose database holds nothing yet."""
    with empty_database(server_url, "outorga_migrations") as url:
        app = make_app(url)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.mark.filterwarnings("ignore:Expression #1.*operator clause:UserWarning")
def test_the_migrated_schema_is_that_of_the_models(app: Flask) -> None:
    context = MigrationContext.configure(db.session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_checks_and_unlogged_tables_are_migrated_too(app: Flask) -> None:
    """Alembic compares neither."""
    checks = set(db.session.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'c'")))
    expected = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.__visit_name__ == "check_constraint"
    }
    assert {name for name in expected if name not in checks} == set()
    unlogged = db.session.scalars(text("SELECT relname FROM pg_class WHERE relpersistence = 'u'"))
    assert "rate_limits" in unlogged.all()


def test_the_way_down_leaves_nothing_behind_and_leads_up_again(empty_app: Flask) -> None:
    migrations.apply(db.engine)
    with db.engine.connect() as connection:
        command.downgrade(migrations._config(connection), "base")
        connection.commit()
        left = connection.execute(
            text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        ).scalars()
        assert sorted(left) == ["alembic_version", "alembic_version_pkc"]
        functions = text("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        assert connection.scalar(functions) == 0
    migrations.apply(db.engine)


def test_two_releases_at_once_wait_for_each_other(empty_app: Flask) -> None:
    failures: list[Exception] = []

    def release() -> None:
        try:
            with empty_app.app_context():
                migrations.apply(db.engine)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=release) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with db.engine.connect() as connection:
        assert migrations.is_current(connection)


def test_a_second_upgrade_changes_nothing(empty_app: Flask) -> None:
    migrations.apply(db.engine)
    with db.engine.connect() as connection:
        before = connection.scalar(TABLES)
    migrations.apply(db.engine)
    with db.engine.connect() as connection:
        assert connection.scalar(TABLES) == before


def test_a_release_leaves_the_time_limits_of_pooled_connections_as_they_were(
    empty_app: Flask,
) -> None:
    migrations.apply(db.engine)
    with db.engine.connect() as first, db.engine.connect() as second:
        limits = [each.scalar(text("SHOW statement_timeout")) for each in (first, second)]
    assert limits == ["30s", "30s"]


def test_a_server_is_not_ready_before_the_migrations_are_there(empty_app: Flask) -> None:
    client = empty_app.test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "migrations missing"})
    db.session.rollback()
    migrations.apply(db.engine)
    assert client.get("/readyz").status_code == 200
