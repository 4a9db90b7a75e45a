"""The outbox in figures, counted when somebody asks: any process can answer for all of them."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from idp import clock
from idp.extensions import db

# Each part reads a partial index that holds nothing but these rows.
COUNT = text(
    """
    SELECT (SELECT count(*) FROM mails WHERE sent_at IS NULL AND failed_at IS NULL) AS waiting,
           (SELECT min(created_at) FROM mails
             WHERE sent_at IS NULL AND failed_at IS NULL) AS oldest,
           (SELECT count(*) FROM mails WHERE failed_at IS NOT NULL) AS failed
    """
)


class Outbox(Collector):
    """Three gauges; none while the database is away, so that the scrape itself goes on."""

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
            ("mails_waiting", "Mails in the outbox that have not left", row.waiting),
            ("mails_oldest_seconds", "Age of the oldest of them", max(age, 0.0)),
            ("mails_failed", "Mails given up", row.failed),
        ):
            yield GaugeMetricFamily(name, text_, value=value)
