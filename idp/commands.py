"""The `idp` command: each feature brings its own group."""

import sys

import click
from flask.cli import FlaskGroup
from sqlalchemy.exc import OperationalError

from idp import create_app, migrations, resealing, settings_of_this_process, worker
from idp.admin import commands as admin
from idp.oauth import commands as oauth
from idp.oauth.keys.commands import keys
from idp.registry import commands as registry


class Commands(FlaskGroup):
    """Our own commands alone: to list them, no application has to be configured."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted(self.commands)


@click.group(cls=Commands, create_app=create_app, add_default_commands=False)
def group() -> None:
    """Run and look after an Outorga deployment."""


@click.command()
def check() -> None:
    """Name every setting that is missing or wrong, and end with 1 if there is one."""
    settings_of_this_process()


group.add_command(check)
group.add_command(migrations.commands)
group.add_command(worker.command)
group.add_command(registry.commands)
group.add_command(oauth.clients)
keys.add_command(resealing.command)
group.add_command(keys)
group.add_command(admin.commands)


def main() -> None:
    """Entry point; what an operator can mend ends with a line that says so, not with a trace."""
    try:
        group()
    except OperationalError as error:
        reason = str(error.orig).partition("\n")[0]
        sys.exit(f"Error: the database can't be reached or is too busy: {reason}")
