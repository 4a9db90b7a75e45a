"""`python -m benchmarks.enumeration`: how long each form takes for known and unknown people.

Prints Markdown. The server is the deployed one, on this machine; known and unknown are asked in
random order, so that whatever slows the machine down slows both.
"""

import argparse
import random

from benchmarks import data, stack
from benchmarks.enumeration.comparison import compare
from benchmarks.enumeration.forms import KNOWN, PATHS, UNKNOWN, Stranger
from config import Settings

WARM_UP = 20
# The limits exist to stop exactly what is measured here.
UNLIMITED = {name: "100000000" for name in ("FORMS_PER_ADDRESS", "MAILS_PER_ADDRESS")}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.enumeration", description=__doc__)
    parser.add_argument("--times", type=int, default=500, help="posts of each form for each person")
    parser.add_argument("--only", default="", help="a part of the form's name")
    options = parser.parse_args()
    with stack.database() as database_url:
        port = stack.free_port()
        environ = {**stack.environment(database_url, port), **UNLIMITED}
        settings = Settings.from_environment(environ)
        data.load(settings)
        with stack.web(environ, port, "idp:create_app"):
            _report(settings.issuer, options.times, options.only)


def _report(issuer: str, times: int, only: str) -> None:
    print(
        "| form | status | known p50 ms | unknown p50 ms | known is slower | p |\n"
        "|---|---|---:|---:|---:|---:|"
    )
    for form in (each for each in PATHS if only in each):
        taken, statuses = _measure(Stranger(issuer, form), times)
        found = compare(taken[KNOWN], taken[UNKNOWN])
        print(
            f"| {form} | {', '.join(map(str, sorted(statuses)))} | {found.known:.2f} "
            f"| {found.unknown:.2f} | {found.slower:.1%} | {found.chance:.3f} |",
            flush=True,
        )


def _measure(stranger: Stranger, times: int) -> tuple[dict[str, list[float]], set[int]]:
    """Milliseconds by tax id, and every status that came."""
    for _each in range(WARM_UP):
        stranger.ask(KNOWN)
        stranger.ask(UNKNOWN)
    order = [KNOWN, UNKNOWN] * times
    random.shuffle(order)
    taken: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    statuses = set()
    for tax_id in order:
        milliseconds, status = stranger.ask(tax_id)
        taken[tax_id].append(milliseconds)
        statuses.add(status)
    return taken, statuses


if __name__ == "__main__":
    main()
