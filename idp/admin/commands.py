"""`idp staff`: the only way to become a member of staff."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import segno
from flask.cli import with_appcontext
from flask_babel import force_locale
from marshmallow import ValidationError

from idp import clock, totp
from idp.accounts.fields import NameField
from idp.accounts.passwords.fields import NewPasswordField, SecretField
from idp.admin import members
from idp.admin.models import Role
from idp.errors import DomainError
from idp.extensions import transaction
from idp.fields import EmailField, TypedField


@click.group("staff")
def commands() -> None:
    """Members of staff: who may enter the console."""


@commands.command()
@click.option("--email", required=True, help="Sign-in name.")
@click.option("--name", required=True, help="Shown beside what the member does.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Add a member and show, once, what the authenticator app scans."""
    address = _checked(EmailField(), email)
    full_name = _checked(NameField(), name)
    password = _checked(NewPasswordField(), _read_password(password_stdin))
    with _refusals(), transaction():
        member, secret = members.create(
            email=address, name=full_name, role=Role(role), password=password, at=clock.now()
        )
    click.echo(f"{member.name} may enter the console as {member.role.value}.")
    _show_factor(secret, member.email)


@commands.command()
@click.option("--email", required=True)
@with_appcontext
def disable(email: str) -> None:
    """Shut a member out at once, open sessions included."""
    with _refusals(), transaction():
        member = members.disable(email, at=clock.now())
    click.echo(f"{member.name} can't enter any more.")


@commands.command("set-password")
@click.option("--email", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def set_password(email: str, password_stdin: bool) -> None:
    """Replace a password, which the member types; open sessions end, the app stays."""
    password = _checked(NewPasswordField(), _read_password(password_stdin))
    with _refusals(), transaction():
        member = members.set_password(email, password, at=clock.now())
    click.echo(f"{member.name} has a new password.")


@commands.command("reset-factor")
@click.option("--email", required=True)
@with_appcontext
def reset_factor(email: str) -> None:
    """Replace a lost authenticator app; open sessions end."""
    with _refusals(), transaction():
        member, secret = members.reset_factor(email, at=clock.now())
    _show_factor(secret, member.email)


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _checked(field: TypedField | SecretField, value: str) -> Any:
    """What a form's field makes of `value`; its sentence ends the command."""
    try:
        with force_locale("en"):
            return field.deserialize(value)
    except ValidationError as error:
        raise click.ClickException(" ".join(map(str, error.messages))) from None


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal ends the command with its sentence and no trace."""
    try:
        yield
    except DomainError as error:
        with force_locale("en"):
            raise click.ClickException(str(error.text)) from None


def _show_factor(secret: str, email: str) -> None:
    address = totp.address_of(secret, email)
    click.echo("Scan this with an authenticator app now; it is not shown again:")
    segno.make(address, error="m").terminal(out=sys.stdout, compact=True)
    click.echo(address)
