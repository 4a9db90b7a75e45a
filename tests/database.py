"""A real PostgreSQL for the tests: started once, one migrated database for each test process."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT

import psycopg
from psycopg import sql

from demo import postgres, settings
from demo.processes import Family


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a server; `TEST_DATABASE_URL` names one to use instead of our own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    directory = Path(tempfile.mkdtemp(prefix="outorga-pg-"))
    directory.chmod(0o755)
    data = directory / "data"
    postgres.initialise(data)
    family = Family(directory)
    try:
        # Durability is for data that matters: tests give it up for speed.
        command = postgres.command(data, durable=False)
        server = family.start("postgres", command, settings.bare(), SIGINT)
        postgres.wait(data, server.process)
        yield postgres.url(data)
    finally:
        family.stop()
        shutil.rmtree(directory)


@contextmanager
def empty_database(server_url: str, name: str, template: str = "template1") -> Iterator[str]:
    """A database of this name, made anew as `template` is and dropped afterwards."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(create)
        yield _with_database(server_url, name)
        connection.execute(drop)


def _with_database(url: str, name: str) -> str:
    parameters = psycopg.conninfo.conninfo_to_dict(url)
    user, password = parameters.get("user", "postgres"), parameters.get("password") or ""
    host, port = str(parameters.get("host", "")), parameters.get("port")
    if host.startswith("/"):
        return f"postgresql://{user}:{password}@/{name}?host={host}"
    return f"postgresql://{user}:{password}@{host}:{port or 5432}/{name}"
