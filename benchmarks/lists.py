"""`python -m benchmarks.lists`: a list of installations from the template to the choice.

Prints Markdown: the seconds that each step takes the service, for one holder with as many
installations, PostgreSQL on the same machine and durable. What the worker does is counted from the
upload to its end, as its person sees it.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import text

from benchmarks import data, stack
from config import Settings
from idp import clock, create_app
from idp.accounts.models import Account
from idp.extensions import db, transaction
from idp.invitations import drafts
from idp.invitations.bulk import services, work, writing
from idp.invitations.bulk.kinds import Kind, Limits, check_file

ADD = text(
    "INSERT INTO installations (distributor, code, holder_tax_id, address, city, state,"
    " postal_code, segment, status, updated_at)"
    " SELECT 'elektro', (4000000000 + n)::text, :holder, 'Rua das Flores, ' || n, 'Campinas',"
    " 'SP', '13010-000', 'low_voltage', 'active', now() FROM generate_series(1, :count) AS n"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.lists", description=__doc__)
    parser.add_argument("--installations", type=int, default=100_000)
    count = parser.parse_args().installations
    with stack.database() as database_url:
        settings = Settings.from_environment(stack.environment(database_url, stack.free_port()))
        data.load(settings)
        app = create_app(settings)
        with app.app_context(), app.test_request_context():
            with transaction():
                db.session.execute(ADD, {"holder": str(data.MARIA), "count": count})
            db.session.execute(text("ANALYZE installations"))
            print(f"| {count:,} installations | CSV, s | XLSX, s |\n|---|---:|---:|")
            _report(_measure(app, Kind.CSV), _measure(app, Kind.XLSX))
            db.session.remove()
            db.engine.dispose()


def _report(csv: dict[str, float], xlsx: dict[str, float]) -> None:
    for name, seconds in csv.items():
        print(f"| {name} | {seconds:.2f} | {xlsx[name]:.2f} |")


def _measure(app: Flask, kind: Kind) -> dict[str, float]:
    """Seconds of each step."""
    took: dict[str, float] = {}
    account = db.session.query(Account).filter_by(tax_id=data.MARIA).one()
    limits = Limits(app.config["BULK_MAXIMUM_BYTES"], app.config["BULK_MAXIMUM_ROWS"])
    with transaction():
        draft = drafts.begin(account, account.tax_id, at=clock.now())
    with _timed(took, "template written"):
        file = writing.template(draft, kind)
    with file:
        content = file.read()
    with _timed(took, "upload looked at and stored"), transaction():
        check_file(f"list.{kind}", content, limits)
        at = clock.now()
        upload = services.store(draft.public_id, account, kind=kind, content=content, at=at)
    work.check_next(app)
    db.session.refresh(upload)
    assert upload.finished_at is not None  # noqa: S101 - a measurement of a failure is none
    took["read and compared by the worker"] = (upload.finished_at - at).total_seconds()
    with _timed(took, "all of it chosen"), transaction():
        services.choose(upload, account, keep=True)
    return took


@contextmanager
def _timed(took: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    took[name] = time.perf_counter() - began


if __name__ == "__main__":
    main()
