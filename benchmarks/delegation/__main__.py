"""`make bench-delegation`: listing, deciding, minting and introspection, for few and for many.

Fills a database with 1,000,000 installations and 200,000 grants, asks for fifteen people in turn,
and prints Markdown: p50 and p95 in milliseconds, the largest p50 beside the smallest, and each
statement that reads a big table from end to end (none should).
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict

from flask import Flask
from sqlalchemy import text

from benchmarks import data, stack, visitor
from benchmarks.delegation import country, plans
from benchmarks.delegation.people import Person, everybody
from benchmarks.delegation.visits import Visit
from config import Settings
from idp import create_app, migrations
from idp.accounts import passwords
from idp.extensions import db, transaction

ROUNDS = 60
WARM_UP = 8  # rounds; a statement gets its final plan with the sixth time it is prepared
CODES = 100  # installations of each person to ask about
CODES_OF = """
    SELECT i.code FROM installations i
     WHERE i.holder_tax_id IN (
           SELECT g.holder_tax_id FROM grants g JOIN accounts a ON a.id = g.grantee_id
            WHERE a.tax_id = :tax_id
           UNION ALL SELECT :tax_id)
     ORDER BY random() LIMIT :most
"""
Times = dict[tuple[Person, str], list[float]]


def main() -> None:
    """Make the country, ask, print."""
    parser = argparse.ArgumentParser(prog="benchmarks.delegation", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", help="the URL of one that was filled before")
    options = parser.parse_args()
    if options.database:
        _measure(options.database, options.rounds, fill=False)
        return
    with stack.database() as url:
        _measure(url, options.rounds, fill=True)


def _measure(url: str, rounds: int, *, fill: bool) -> None:
    app = create_app(Settings.from_environment(stack.environment(url, port=9)))
    if fill:
        _fill(app)
    visits = _visits(app)
    scans = set()
    for visit in visits:
        for ask in visit.questions.values():
            with app.app_context():
                scans |= plans.sequential_scans(db.engine, ask)
    times: Times = defaultdict(list)
    for number in range(WARM_UP + rounds):
        for visit in visits:
            for name, ask in visit.questions.items():
                took = ask()
                if number >= WARM_UP:
                    times[visit.person, name].append(took)
    _report(times, list(visits[0].questions))
    print(f"\nSequential scans of {', '.join(country.TABLES)}: {len(scans)}")
    for table, statement in sorted(scans):
        print(f"\n{table}:\n{statement}")
    app.extensions["oauth_caches"].stop()


def _fill(app: Flask) -> None:
    began = time.monotonic()
    with app.app_context():
        migrations.apply(db.engine)
        with transaction():
            data.add_client()
        with db.engine.connect() as connection:
            country.make(connection, passwords.hash_password(visitor.PASSWORD))
    took = time.monotonic() - began
    print(
        f"Made {country.INSTALLATIONS:,} installations, {country.GRANTS:,} grants in {took:.0f} s"
    )
    sys.stdout.flush()


def _visits(app: Flask) -> list[Visit]:
    visits = []
    for person in everybody():
        with app.app_context():
            asked = {"tax_id": person.tax_id, "most": CODES}
            codes = list(db.session.scalars(text(CODES_OF), asked))
        visits.append(Visit(app, person, codes))
    return visits


def _report(times: Times, columns: list[str]) -> None:
    print(f"\n| shape | installations | {' | '.join(columns)} |")
    print(f"|---|---:|{'---:|' * len(columns)}")
    middles: dict[str, list[float]] = defaultdict(list)
    for person in everybody():
        cells = []
        for name in columns:
            taken = times[person, name]
            middle = statistics.median(taken)
            middles[name].append(middle)
            cells.append(f"{middle:.1f}, {statistics.quantiles(taken, n=20)[-1]:.1f}")
        print(f"| {person.shape} | {person.size:,} | {' | '.join(cells)} |")
    ratios = [f"{max(middles[name]) / min(middles[name]):.1f}" for name in columns]
    print(f"| largest p50 / smallest | | {' | '.join(ratios)} |")


if __name__ == "__main__":
    main()
