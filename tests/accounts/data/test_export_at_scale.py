"""An export of 100,000 installations: counted in statements and bytes, never in seconds."""

import tracemalloc
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from idp import clock
from idp.accounts.data import exporting
from idp.accounts.data.exporting import Format
from idp.accounts.data.exporting.services import BLOCK, TooSlow
from idp.accounts.models import Account
from idp.extensions import db
from tests.factories.accounts import an_account
from tests.factories.registry import a_holder
from tests.statements import statements_sent

MANY = 100_000
MEGABYTE = 1024 * 1024
FILL = text(
    """
    INSERT INTO installations (distributor, code, holder_tax_id, address, city, state,
                               postal_code, segment, status, updated_at)
    SELECT 'elektro', (4000000000 + n)::text, 'br:cpf:52998224725', 'Rua das Flores, ' || n,
           'Campinas', 'SP', '13010-000', 'low_voltage', 'active', now()
      FROM generate_series(1, :count) AS n
    """
)


def fill(count: int) -> Account:
    """Maria, in whose name so many installations stand; committed."""
    maria = an_account()
    a_holder(maria.tax_id)
    db.session.execute(FILL, {"count": count})
    db.session.commit()
    return maria


@pytest.mark.parametrize("format_", Format)
def test_a_hundred_thousand_rows_cost_no_more_statements_than_one(
    app: Flask, format_: Format
) -> None:
    counts = []
    for rows in (1, 2000):
        maria = fill(rows)
        with statements_sent(savepoints=True) as sent:
            blocks = list(exporting.written(maria, format_, at=clock.now()))
        assert b"".join(blocks).count(b"Rua das Flores") == rows
        counts.append(len(sent))
        db.session.execute(text("DELETE FROM installations"))
        db.session.delete(maria)
        db.session.commit()
    assert counts[0] == counts[1]


def test_a_hundred_thousand_rows_are_never_in_memory_together(app: Flask) -> None:
    maria = fill(MANY)
    written = total = 0
    tracemalloc.start()
    try:
        for block in exporting.written(maria, Format.JSON, at=clock.now()):
            assert len(block) < 2 * BLOCK
            written += block.count(b"Rua das Flores")
            total += len(block)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written == MANY
    assert total > 20 * MEGABYTE
    assert peak < 4 * MEGABYTE


def test_nothing_is_read_before_the_first_block_is_asked_for(app: Flask) -> None:
    maria = fill(10)
    with statements_sent(savepoints=True) as sent:
        blocks = exporting.written(maria, Format.JSON, at=clock.now())
        assert sent == []
        next(blocks)
        assert sent


def test_whoever_reads_too_slowly_is_cut_off(app: Flask) -> None:
    maria = fill(2000)
    blocks = exporting.written(maria, Format.JSON, at=clock.now() - timedelta(minutes=11))
    with pytest.raises(TooSlow):
        next(blocks)
