"""Questions without a session, and the connections that they come back on."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from idp import reads
from idp.extensions import db

NAMED = text("SELECT CAST(:number AS int) AS number, now() AS at")
SLOW = text("SELECT pg_sleep(5)")


def autocommits(app: Flask) -> list[bool]:
    """Of every connection that lies in the pool."""
    taken = [db.engine.raw_connection() for _ in range(db.engine.pool.checkedin())]
    found = [bool(each.driver_connection.autocommit) for each in taken]  # type: ignore[union-attr]
    for each in taken:
        each.close()
    return found


def test_rows_have_names(app: Flask) -> None:
    (row,) = reads.rows(NAMED, {"number": 7})
    assert (row.number, row[0]) == (7, 7)


def test_a_connection_comes_back_as_it_was(committed_app: Flask) -> None:
    with committed_app.app_context():
        reads.rows(NAMED, {"number": 1})
        assert autocommits(committed_app) == [False]


def test_one_whose_question_failed_commits_nobodys_changes_halfway(committed_app: Flask) -> None:
    with committed_app.app_context():
        for broken in ("SELECT 1/0", "SELECT nothing", "SELECT CAST('x' AS int)"):
            with pytest.raises(psycopg.Error):
                reads.rows(text(broken), {})
        assert not any(autocommits(committed_app))
        db.session.execute(text("CREATE TABLE half_done (id int)"))
        db.session.rollback()
        (row,) = reads.rows(text("SELECT to_regclass('half_done') AS made"), {})
        assert row.made is None


def test_one_that_took_too_long_neither(committed_app: Flask) -> None:
    with committed_app.app_context():
        engine = db.engine.raw_connection()
        engine.driver_connection.execute("SET statement_timeout = 50")  # type: ignore[union-attr]
        engine.driver_connection.commit()  # type: ignore[union-attr]
        engine.close()
        with pytest.raises(OperationalError):
            reads.rows(SLOW, {})
        assert not any(autocommits(committed_app))


def test_after_a_restart_of_the_database_one_question_fails_and_not_one_a_connection(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        lying = [db.engine.raw_connection() for _ in range(3)]
        for each in lying:
            each.close()
        with psycopg.connect(committed_app.config["DATABASE_URL"], autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(OperationalError):
            reads.rows(NAMED, {"number": 1})
        for number in range(3):
            assert reads.rows(NAMED, {"number": number})[0].number == number
