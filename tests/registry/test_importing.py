import io
import threading
from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text

from idp import clock
from idp.audit.models import AuditEvent
from idp.extensions import db, transaction
from idp.registry import importing
from idp.registry.files import Format, read
from idp.registry.importing import Counts, import_rows
from idp.registry.models import Holder, Installation
from idp.registry.rows import BadRow
from idp.registry.signals import installations_transferred
from tests.registry.files import JOAO, MARIA, a_row, as_csv, as_ndjson

Problems = list[tuple[int, str]]


def run(content: bytes, problems: Problems | None = None) -> Counts:
    """Import a CSV file; `problems` takes line and column of each refused row."""

    def report(line: int, bad: BadRow) -> None:
        if problems is not None:
            problems.append((line, bad.column))

    with transaction():
        return import_rows(read(io.BytesIO(content), Format.CSV), report=report, at=clock.now())


def holders() -> dict[str, tuple[int, int]]:
    """Count and version of each holder."""
    rows = db.session.execute(
        text("SELECT tax_id, installation_count, version FROM holders ORDER BY tax_id")
    )
    return {row.tax_id: (row.installation_count, row.version) for row in rows}


@pytest.fixture
def transfers() -> Iterator[list[tuple[int, str]]]:
    """What the signal's subscribers see: installation ids and former holders."""
    seen: list[tuple[int, str]] = []

    def subscriber(_sender: object, at: datetime) -> None:
        assert at.tzinfo is not None
        rows = db.session.execute(text("SELECT * FROM transferred_installations"))
        seen.extend((row.installation_id, row.former_holder) for row in rows)

    with installations_transferred.connected_to(subscriber):
        yield seen


def test_a_first_import_adds_holders_and_installations(app: Flask) -> None:
    counts = run(as_csv(a_row(), a_row(code="2"), a_row(code="3", holder=JOAO)))
    assert astuple(counts) == (3, 0, 0, 0, 0)
    assert holders() == {JOAO: (1, 1), MARIA: (2, 1)}
    found = db.session.scalars(select(Installation).where(Installation.code == "2")).one()
    assert (str(found.holder_tax_id), found.address) == (MARIA, "Rua das Flores, 10")


def test_the_same_file_twice_changes_nothing(app: Flask) -> None:
    content = as_csv(a_row(), a_row(code="2", holder=JOAO, holder_name="João"))
    run(content)
    before = db.session.execute(text("SELECT xmin, * FROM installations")).all()
    assert astuple(run(content)) == (0, 0, 0, 2, 0)
    assert db.session.execute(text("SELECT xmin, * FROM installations")).all() == before
    assert holders() == {JOAO: (1, 1), MARIA: (1, 1)}


def test_a_changed_row_keeps_its_identity_and_the_holders_version(app: Flask) -> None:
    run(as_csv(a_row()))
    identity = db.session.scalar(text("SELECT public_id FROM installations"))
    assert astuple(run(as_csv(a_row(status="inactive", city="Itu")))) == (0, 1, 0, 0, 0)
    row = db.session.execute(text("SELECT public_id, status, city FROM installations")).one()
    assert tuple(row) == (identity, "inactive", "Itu")
    assert holders() == {MARIA: (1, 1)}


def test_a_change_of_holder_moves_the_counters_and_is_told(
    app: Flask, transfers: list[tuple[int, str]]
) -> None:
    run(as_csv(a_row(), a_row(code="2")))
    counts = run(as_csv(a_row(holder=JOAO, holder_name="João Souza"), a_row(code="2", city="X")))
    assert astuple(counts) == (0, 1, 1, 0, 0)
    assert holders() == {JOAO: (1, 1), MARIA: (1, 2)}
    moved = db.session.scalars(
        select(Installation.id).where(Installation.code == "3001234567")
    ).one()
    assert transfers == [(moved, MARIA)]


def test_nobody_is_told_when_nothing_was_transferred(
    app: Flask, transfers: list[tuple[int, str]]
) -> None:
    run(as_csv(a_row()))
    run(as_csv(a_row(city="Itu")))
    assert transfers == []


def test_holders_that_swap_installations_have_as_many_and_another_set(app: Flask) -> None:
    run(as_csv(a_row(), a_row(code="2", holder=JOAO)))
    assert run(as_csv(a_row(holder=JOAO), a_row(code="2"))).transferred == 2
    assert holders() == {JOAO: (1, 2), MARIA: (1, 2)}


def test_the_same_code_at_two_distributors_is_two_installations(app: Flask) -> None:
    assert run(as_csv(a_row(), a_row(distributor="cpfl"))).added == 2


def test_a_new_name_of_a_holder_is_kept_and_the_last_line_wins(app: Flask) -> None:
    content = as_csv(a_row(), a_row(code="2", holder_name="Maria da Silva e Souza"))
    run(content)
    run(content)
    assert db.session.scalars(select(Holder.name)).all() == ["Maria da Silva e Souza"]
    run(as_csv(a_row(holder_name="Maria S.")))
    db.session.expire_all()
    assert db.session.scalars(select(Holder.name)).all() == ["Maria S."]
    assert holders() == {MARIA: (2, 1)}


def test_what_the_file_does_not_mention_stays(app: Flask) -> None:
    run(as_csv(a_row(), a_row(code="2")))
    run(as_csv(a_row(code="3")))
    assert holders() == {MARIA: (3, 2)}


def test_bad_rows_are_reported_by_line_and_the_good_ones_imported(app: Flask) -> None:
    problems: Problems = []
    counts = run(
        as_csv(
            a_row(),
            a_row(code="2", holder="br:cpf:52998224724"),
            a_row(code="3", status="closed"),
            a_row(city="repeated"),
            a_row(code="5", address="x" * 300),
            a_row(code="6"),
        )
        + b'elektro,"7\n',
        problems,
    )
    assert astuple(counts) == (2, 0, 0, 0, 5)
    assert sorted(problems) == [(3, "holder"), (4, "status"), (5, "code"), (6, "address"), (8, "")]
    assert db.session.scalars(select(Installation.city)).all() == ["Campinas", "Campinas"]


def test_hostile_values_are_only_text(app: Flask) -> None:
    address = "'); DROP TABLE installations; -- <b>\\N\\t\"{}"
    run(as_csv(a_row(address=address), a_row(code="2", address="\\N", city="\\.")))
    found = db.session.scalars(select(Installation.address).order_by(Installation.code.desc()))
    assert found.all() == [address, "\\N"]


def test_an_import_that_fails_leaves_no_trace(app: Flask) -> None:
    def subscriber(_sender: object, at: datetime) -> None:
        raise ZeroDivisionError

    run(as_csv(a_row()))
    with (
        installations_transferred.connected_to(subscriber),
        pytest.raises(ZeroDivisionError),
    ):
        run(as_csv(a_row(holder=JOAO), a_row(code="2")))
    assert holders() == {MARIA: (1, 1)}


def test_two_imports_in_one_process_do_not_meet_each_others_tables(app: Flask) -> None:
    with transaction():
        for code in ("1", "2"):
            rows = read(io.BytesIO(as_ndjson(a_row(code=code))), Format.NDJSON)
            import_rows(rows, report=lambda *_bad: None, at=clock.now())
    assert holders() == {MARIA: (2, 2)}


def test_the_trail_keeps_the_counts(app: Flask) -> None:
    run(as_csv(a_row(), a_row(code="2", status="?")))
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.event, event.actor) == ("registry.imported", "system:import")
    assert event.data == {
        "added": 1,
        "changed": 0,
        "transferred": 0,
        "unchanged": 0,
        "refused": 1,
    }


def test_the_planner_learns_at_once_of_many_that_are_new(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MANY", 3)
    learned = text(
        """
        SELECT histogram_bounds::text FROM pg_stats
         WHERE tablename = 'installations' AND attname = 'code'
        """
    )
    run(as_csv(a_row(code="44440001"), a_row(code="44440002")))
    assert "44440002" not in (db.session.scalar(learned) or "")
    run(as_csv(*(a_row(code=f"4444000{n}") for n in range(3, 6))))
    assert "44440005" in db.session.scalar(learned)


def test_imports_at_the_same_time_wait_for_each_other(committed_app: Flask) -> None:
    """Eight files that hand the same installations round leave counters that add up."""
    contents = [
        as_csv(*(a_row(code=str(code), holder=holder) for code in range(40)))
        for holder in (MARIA, JOAO) * 4
    ]
    failures: list[Exception] = []

    def one(content: bytes) -> None:
        try:
            with committed_app.app_context():
                run(content)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    with committed_app.app_context():
        assert sorted(count for count, _version in holders().values()) == [0, 40]
        assert db.session.query(Installation).count() == 40
