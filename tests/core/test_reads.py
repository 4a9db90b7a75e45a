"""Questions without a session, and the connections that they come back on."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from idp import clock, reads
from idp.extensions import db
from tests.together import at_once

NAMED = text("SELECT CAST(:number AS int) AS number, now() AS at")
SLOW = text("SELECT pg_sleep(5)")
PAUSE = text("SELECT pg_backend_pid() AS process FROM pg_sleep(0.3)")
PREPARED = text(
    """
    SELECT pg_backend_pid() AS process, sum(generic_plans + custom_plans) AS times
      FROM pg_prepared_statements WHERE statement LIKE 'SELECT pg_backend_pid() AS process, sum%'
    """
)


def test_rows_have_names(app: Flask) -> None:
    (row,) = reads.rows(NAMED, {"number": 7})
    assert (row.number, row[0]) == (7, 7)


def test_values_of_any_kind_are_given_and_taken(app: Flask) -> None:
    at = clock.now()
    given = {"at": at, "many": ["a", "b"], "none": None, "flag": True}
    statement = text(
        "SELECT CAST(:at AS timestamptz), CAST(:many AS text[]), CAST(:none AS text), :flag, :at"
    )
    assert reads.rows(statement, given) == [(at, ["a", "b"], None, True, at)]


def test_a_number_may_be_larger_the_next_time(committed_app: Flask) -> None:
    with committed_app.app_context():
        for number in (1, 70_000, 5_000_000_000):
            (row,) = reads.rows(text("SELECT :number + 0 AS number"), {"number": number})
            assert row.number == number


def test_the_same_connection_answers_again_and_has_prepared_the_statement(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        asked = [reads.rows(PREPARED, {})[0] for _ in range(3)]
    assert len({row.process for row in asked}) == 1
    assert asked[2].times == 3  # under one name


def test_each_of_several_threads_has_a_connection_of_its_own(committed_app: Flask) -> None:
    def ask() -> int:
        return int(reads.rows(PAUSE, {})[0].process)

    assert len(set(at_once(*[ask] * 4, within=committed_app.app_context))) == 4


def test_none_of_them_is_one_that_writes(committed_app: Flask) -> None:
    with committed_app.app_context():
        db.session.execute(text("CREATE TABLE half_done (id int)"))
        (row,) = reads.rows(text("SELECT to_regclass('half_done') AS made"), {})
        assert row.made is None
        db.session.rollback()
        assert reads.rows(text("SELECT to_regclass('half_done') AS made"), {})[0].made is None


def test_one_whose_question_failed_is_not_used_again(committed_app: Flask) -> None:
    with committed_app.app_context():
        (before,) = reads.rows(PREPARED, {})
        for broken in ("SELECT 1/0", "SELECT nothing", "SELECT CAST('x' AS int)"):
            with pytest.raises(psycopg.Error):
                reads.rows(text(broken), {})
        (after,) = reads.rows(PREPARED, {})
        assert after.process != before.process


def test_one_that_took_too_long_neither(committed_app: Flask) -> None:
    with committed_app.app_context():
        reads.rows(text("SELECT set_config('statement_timeout', '50', false)"), {})
        with pytest.raises(OperationalError):
            reads.rows(SLOW, {})
        (row,) = reads.rows(text("SELECT current_setting('statement_timeout') AS timeout"), {})
        assert row.timeout == "30s"


def test_one_that_has_grown_old_is_replaced(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed_app.app_context():
        monkeypatch.setattr(reads, "RECYCLE_SECONDS", -1)
        processes = [reads.rows(PREPARED, {})[0].process for _ in range(3)]
    assert len(set(processes)) == 3


def test_they_are_closed_with_those_of_the_engine(committed_app: Flask) -> None:
    with committed_app.app_context():
        (before,) = reads.rows(PREPARED, {})
        db.engine.dispose()
        others = text("SELECT pid FROM pg_stat_activity WHERE pid = :process")
        for _ in range(50):
            still = db.session.execute(others, {"process": before.process}).all()
            if not still:
                break
            db.session.execute(text("SELECT pg_sleep(0.1)"))
            db.session.rollback()  # within a transaction the view stays as it was first seen
        assert still == []


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
