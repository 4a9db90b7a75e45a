"""Prometheus metrics of all worker processes at `/metrics`."""

import hmac
import os
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import TextClause
from sqlalchemy.exc import SQLAlchemyError

from idp import clock
from idp.extensions import db

blueprint = Blueprint("metrics", __name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

disable_created_metrics()  # type: ignore[no-untyped-call]
REQUESTS = Counter("http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "http_request_seconds",
    "Time to answer a request",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def init_app(app: Flask) -> None:
    """Count and time every request."""
    app.register_blueprint(blueprint)
    app.before_request(begin)
    app.after_request(observe)


def begin() -> None:
    """Note when the request began."""
    g.metrics_began = time.perf_counter()


def observe(response: Response) -> Response:
    """Routes are counted by their rule, so that ids in addresses don't make new series, and
    neither do methods that somebody made up."""
    route = request.url_rule.rule if request.url_rule else "unknown"
    method = request.method if request.method in METHODS else "other"
    began = g.get("metrics_began")
    count(method, route, response.status_code, began and time.perf_counter() - began)
    return response


def count(method: str, route: str, status: int, seconds: float | None) -> None:
    """One request answered; `seconds` is None when nobody knows how long it took."""
    requests, durations = _series(method, route, status)
    requests.inc()
    if seconds is not None:
        durations.observe(seconds)


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Looking a series up by its labels takes longer than counting."""
    return REQUESTS.labels(method, route, status), SECONDS.labels(route)


def publish(app: Flask, collector: Collector) -> None:
    """Show figures that are looked up at each scrape, beside those that processes count."""
    app.extensions.setdefault("outorga_collectors", []).append(collector)


@blueprint.get("/metrics")
def show() -> ResponseReturnValue:
    """Everything, in Prometheus' text format; with METRICS_TOKEN set only for its bearer."""
    expected = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if expected and not hmac.compare_digest(expected.encode(), given.encode()):
        return Response(status=HTTPStatus.UNAUTHORIZED)
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """What this process counted, or all of them where they share PROMETHEUS_MULTIPROC_DIR."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    for collector in current_app.extensions["outorga_collectors"]:
        registry.register(collector)
    return registry


class Counted(Collector):
    """Gauges that the database is asked for at each scrape: any process can answer for all.

    None while the database is away, so that the scrape itself goes on.
    """

    def __init__(self, statement: TextClause, described: Mapping[str, str]) -> None:
        """`statement` has one row, with a column for each gauge that `described` names; `:at` in it
        is the time."""
        self._statement = statement
        self._described = described

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Registering must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Needs an application context."""
        try:
            row = db.session.execute(self._statement, {"at": clock.now()}).one()._mapping
        except SQLAlchemyError:
            db.session.rollback()
            return
        for name, text in self._described.items():
            yield GaugeMetricFamily(name, text, value=float(row[name]))
