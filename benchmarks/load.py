"""Drive a running server with `wrk` and read its figures."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

LUA = Path(__file__).parent / "lua"
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests a second, latencies in milliseconds, answers other than 2xx and 3xx."""

    per_second: float
    p50: float
    p99: float
    failed: int
    requests: int


def drive(
    url: str, *, connections: int, seconds: int, script: str | None = None, arguments: list[str]
) -> Figures:
    """One run; `script` names a file of `lua/`, `arguments` go to its `init`."""
    command = [
        "wrk",
        "--latency",
        f"-t{threads(connections)}",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
    ]
    if script:
        command += ["-s", str(LUA / script)]
    command += [url, "--", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return read(done.stdout)


def threads(connections: int) -> int:
    """Of wrk's: never more than there are connections."""
    return min(connections, 2)


def read(output: str) -> Figures:
    """The figures in wrk's report."""
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    sockets = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output
    )
    own = re.search(r"^Answers/sec: ([\d.]+)", output, re.MULTILINE)  # a script that ended early
    return Figures(
        per_second=float(own[1] if own else _group(r"Requests/sec:\s+([\d.]+)", output)),
        p50=_milliseconds(_group(r"^\s+50%\s+(\S+)", output)),
        p99=_milliseconds(_group(r"^\s+99%\s+(\S+)", output)),
        failed=(int(failed[1]) if failed else 0)
        + sum(map(int, sockets.groups() if sockets else ())),
        requests=int(_group(r"(\d+) requests in", output)),
    )


def _group(pattern: str, output: str) -> str:
    found = re.search(pattern, output, re.MULTILINE)
    if found is None:
        raise ValueError(f"wrk's report has no {pattern!r}:\n{output}")
    return found[1]


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\D+)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]
