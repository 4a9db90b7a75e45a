"""What applications have not been told yet, counted when somebody asks."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from idp import clock
from idp.extensions import db

COUNT = text("SELECT count(*) AS waiting, min(created_at) AS oldest FROM logout_notices")


class Waiting(Collector):
    """Two gauges; none while the database is away, so that the scrape itself goes on."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Registering must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the outbox; needs an application context."""
        try:
            row = db.session.execute(COUNT).one()
        except SQLAlchemyError:
            db.session.rollback()
            return
        age = (clock.now() - row.oldest).total_seconds() if row.oldest else 0.0
        for name, text_, value in (
            ("logout_notices_waiting", "Ended sessions not yet told to applications", row.waiting),
            ("logout_notices_oldest_seconds", "Age of the oldest of them", max(age, 0.0)),
        ):
            yield GaugeMetricFamily(name, text_, value=value)
