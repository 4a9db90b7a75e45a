"""`make bench`: every hot path at 1, 8 and 64 connections, beside the machine's limits.

Prints Markdown. Everything runs on this machine, the load and PostgreSQL included. A path's limit
is measured right before and right after it, because a machine's speed drifts: compare the shares.
"""

import argparse
import base64
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks import data, limits, load, stack, visitor
from config import Settings

CONNECTIONS = (1, 8, 64)
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
Run = Callable[[int], load.Figures]
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
            paths = _paths(settings.issuer, directory, options.seconds)
            _report(paths, ceilings, server, options.only)


def _ceilings(settings: Settings, bare_port: int, seconds: int) -> dict[str, Limit]:
    """The limits of this machine, each measured when it is called."""

    def bare() -> float:
        url = f"http://127.0.0.1:{bare_port}/"
        return load.drive(url, connections=64, seconds=seconds, arguments=[]).per_second

    ceilings = {
        "argon2": lambda: limits.argon2_per_second(settings),
        "ES256": lambda: limits.signatures_per_second("ES256"),
        "RS256": lambda: limits.signatures_per_second("RS256"),
        "bare Flask": bare,
    }
    print("| limit of this machine | a second |\n|---|---:|")
    for name, measure in ceilings.items():
        print(f"| {name} | {measure():,.0f} |", flush=True)
    print()
    return ceilings


def _paths(issuer: str, directory: Path, seconds: int) -> dict[str, tuple[str, Run]]:
    """Name → (the limit it is held against, how to run it)."""
    browser = visitor.signed_in(issuer)
    granted = visitor.tokens(issuer, browser)
    basic = base64.b64encode(f"{visitor.CLIENT_ID}:{visitor.CLIENT_SECRET}".encode()).decode()
    authorization = f"Authorization: Basic {basic}"
    form = visitor.sign_in_form(issuer)

    def get(path: str, *headers: str) -> Run:
        return lambda connections: load.drive(
            f"{issuer}{path}",
            connections=connections,
            seconds=seconds,
            script="get.lua",
            arguments=list(headers),
        )

    def post(path: str, body: str, *headers: str, kind: str = FORM) -> Run:
        file = directory / path.replace("/", "-")
        file.write_text(body)
        return lambda connections: load.drive(
            f"{issuer}{path}",
            connections=connections,
            seconds=seconds,
            script="post.lua",
            arguments=[kind, str(file), *headers],
        )

    def refresh(connections: int) -> load.Figures:
        chains = directory / "refresh-tokens"
        chains.write_text(
            "\n".join(
                visitor.tokens(issuer, browser)["refresh_token"] for _ in range(2 * connections)
            )
        )
        return load.drive(
            f"{issuer}/oauth/token",
            connections=connections,
            seconds=seconds,
            script="refresh.lua",
            arguments=[f"Basic {basic}", str(chains), "1" if connections == 1 else "2"],
        )

    token = granted["access_token"]
    bare = "bare Flask"
    return {
        "token: client credentials": (
            bare,
            post("/oauth/token", "grant_type=client_credentials", authorization),
        ),
        "token: refresh with rotation": (bare, refresh),
        "introspection": (bare, post("/oauth/introspect", f"token={token}", authorization)),
        "decision": (
            bare,
            post("/access/v1/evaluation", json.dumps(data.QUESTION), authorization, kind=JSON),
        ),
        "UserInfo": (bare, get("/oauth/userinfo", f"Authorization: Bearer {token}")),
        "discovery": (bare, get("/.well-known/openid-configuration")),
        "JWKS": (bare, get("/oauth/jwks")),
        "sign-in (full form post)": (
            "argon2",
            post("/login", form.body, f"Cookie: {form.cookie}"),
        ),
    }


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
