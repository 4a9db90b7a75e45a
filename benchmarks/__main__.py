"""`make bench`: every hot path at 1, 8 and 64 connections, beside the machine's limits.

Prints Markdown. Everything runs on this machine, the load and PostgreSQL included. A path's limit
is measured right before and right after it, because a machine's speed drifts: compare the shares.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks import data, limits, load, stack
from benchmarks.paths import ARGON2, BARE, Paths, Run
from config import Settings

CONNECTIONS = (1, 8, 64)
Limit = Callable[[], float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="length of each run")
    parser.add_argument("--only", default="", help="a part of the path's name")
    options = parser.parse_args()
    with stack.database() as database_url, _files() as directory:
        port, bare_port = stack.free_port(), stack.free_port()
        environ = stack.environment(database_url, port)
        settings = Settings.from_environment(environ)
        data.load(settings)
        with (
            stack.web(environ, port, "idp:create_app") as server,
            stack.web(environ, bare_port, "benchmarks.bare:create_app"),
        ):
            ceilings = _ceilings(settings, bare_port, options.seconds)
            paths = Paths(settings.issuer, directory, options.seconds)
            _report(paths.all(), ceilings, server, options.only)


def _ceilings(settings: Settings, bare_port: int, seconds: int) -> dict[str, Limit]:
    """The limits of this machine, each measured when it is called."""

    def bare() -> float:
        url = f"http://127.0.0.1:{bare_port}/"
        return load.drive(url, connections=64, seconds=seconds, arguments=[]).per_second

    ceilings = {
        ARGON2: lambda: limits.argon2_per_second(settings),
        "ES256": lambda: limits.signatures_per_second("ES256"),
        "RS256": lambda: limits.signatures_per_second("RS256"),
        BARE: bare,
    }
    print("| limit of this machine | a second |\n|---|---:|")
    for name, measure in ceilings.items():
        print(f"| {name} | {measure():,.0f} |", flush=True)
    print()
    return ceilings


def _report(
    paths: dict[str, tuple[str, Run]],
    ceilings: dict[str, Limit],
    server: psutil.Process,
    only: str,
) -> None:
    print(
        "| path | connections | a second | p50 ms | p99 ms | failed | share of its limit |\n"
        "|---|---:|---:|---:|---:|---:|---|"
    )
    requests = 0
    for name, (limit, run) in paths.items():
        if only not in name:
            continue
        before = ceilings[limit]()
        runs = {connections: run(connections) for connections in CONNECTIONS}
        ceiling = (before + ceilings[limit]()) / 2
        for connections, figures in runs.items():
            requests += figures.requests
            print(
                f"| {name} | {connections} | {figures.per_second:,.0f} | {figures.p50:.1f} | "
                f"{figures.p99:.1f} | {figures.failed} | "
                f"{figures.per_second / ceiling:.2f} of {limit}'s {ceiling:,.0f} |",
                flush=True,
            )
    sizes = ", ".join(f"{size:.0f} MB" for size in stack.memory(server))
    print(f"\nResident memory of each web worker after {requests:,} requests: {sizes}")


@contextmanager
def _files() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="outorga-bench-") as directory:
        yield Path(directory)


if __name__ == "__main__":
    main()
