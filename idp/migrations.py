"""`idp db`: bring the database to the schema of this version."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask.cli import AppGroup
from sqlalchemy import Connection, Engine, MetaData, text

from idp.extensions import Base, db

DIRECTORY = Path(__file__).parent.parent / "migrations"
LOCK = 8_723_001  # any number of our own: two releases at once wait for each other


commands = AppGroup("db", help="The database's schema.")


@commands.command()
def upgrade() -> None:
    """Apply the migrations that are missing."""
    apply(db.engine)
    click.echo("The database is up to date.")


@commands.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a new migration from the difference between models and database."""
    with db.engine.begin() as connection:
        command.revision(_config(connection, Base.metadata), message, autogenerate=True)


def apply(engine: Engine) -> None:
    """Upgrade to the newest version, one process at a time; others wait for as long as it takes."""
    with engine.begin() as guard:
        guard.execute(text("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"))
        guard.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        with engine.connect() as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.commit()
            command.upgrade(_config(connection), "head")
            connection.execute(text("RESET statement_timeout"))
            connection.commit()


def is_current(connection: Connection) -> bool:
    """Whether the database has the schema of this version."""
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def _config(connection: object, metadata: MetaData | None = None) -> Config:
    config = Config(DIRECTORY / "alembic.ini")
    config.attributes.update(connection=connection, metadata=metadata)
    return config
