"""`idp clients`: what an operator does with registered applications."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from idp import clock
from idp.audit import OPERATOR
from idp.errors import DomainError
from idp.extensions import release, transaction
from idp.oauth import clients as registry
from idp.oauth.clients import ClientMetadata, json_metadata, options, sectors
from idp.oauth.clients.invitation_commands import invite, uninvite
from idp.oauth.models import Client


@click.group(cls=AppGroup)
def clients() -> None:
    """Registered applications."""


@clients.command("create")
@click.option("--client-id", help="An id of your own; random by default.")
@click.option("--public", is_flag=True, help="Keeps no secret: a browser or native application.")
@click.option("--native", is_flag=True, help="Public, with redirects as in RFC 8252.")
@click.option("--first-party", is_flag=True, help="The utility's own: no consent page.")
@click.option("--without-pkce", is_flag=True, help="For old confidential clients only.")
@options.metadata
def create_client(
    client_id: str | None,
    public: bool,
    native: bool,
    first_party: bool,
    without_pkce: bool,
    **values: object,
) -> None:
    """Register an application; its secret is shown here and never again."""
    if not values["client_name"]:
        raise click.UsageError("Missing option '--name'.")
    members = options.completed(
        options.given(values), public=public, native=native, without_pkce=without_pkce
    )
    with told():
        metadata = checked(ClientMetadata(**members))
        with transaction():
            client, secret = registry.register(
                metadata, first_party=first_party, by=OPERATOR, at=clock.now(), client_id=client_id
            )
    click.echo(f"client_id: {client.client_id}")
    click.echo(f"client_secret: {secret or nothing_kept(metadata)}")


@clients.command("update")
@click.argument("client_id")
@click.option("--unset", multiple=True, help="A member that goes back to its default.")
@options.metadata
def update_client(client_id: str, unset: tuple[str, ...], **values: object) -> None:
    """Change what is given and leave the rest; a secret is made anew only if it has to be."""
    with told():
        row = get(client_id)
        kept = {name: value for name, value in row.metadata_.items() if name not in unset}
        made = ClientMetadata.from_json({**kept, **options.given(values)})
        metadata = checked(made)
        with transaction():
            secret = registry.change(get(client_id), metadata, by=OPERATOR)
    click.echo("Changed.")
    if secret:
        click.echo(f"client_secret: {secret}")


@clients.command("show")
@click.argument("client_id")
def show_client(client_id: str) -> None:
    """Everything that an application is registered with, as JSON."""
    row = get(client_id)
    shown = {
        "client_id": row.client_id,
        "first_party": row.first_party,
        "created_at": row.created_at.isoformat(),
        "disabled_at": row.disabled_at.isoformat() if row.disabled_at else None,
        **json_metadata.written(ClientMetadata.from_json(row.metadata_)),
    }
    click.echo(json.dumps(shown, indent=2, ensure_ascii=False))


@clients.command("list")
def list_clients() -> None:
    """Every application: its id, how it proves itself, whether it is in use, and its name."""
    for row in registry.everyone():
        metadata = ClientMetadata.from_json(row.metadata_)
        standing = "disabled" if row.disabled_at else "in use"
        method = metadata.token_endpoint_auth_method
        click.echo(f"{row.client_id}  {method}  {standing}  {metadata.client_name}")


@clients.command("disable")
@click.argument("client_id")
def disable_client(client_id: str) -> None:
    """Refuse everything of this application from now on."""
    with transaction():
        if not registry.disable(client_id, by=OPERATOR, at=clock.now()):
            raise click.ClickException("There is no such client in use.")
    click.echo("Disabled.")


clients.add_command(invite)
clients.add_command(uninvite)


@contextmanager
def told() -> Iterator[None]:
    """Say what is wrong in one line that names the member."""
    try:
        yield
    except DomainError as error:
        with force_locale("en"):
            member = f" ({error.field})" if error.field else ""
            raise click.ClickException(f"{error.code}: {error.text}{member}") from error


def checked(metadata: ClientMetadata) -> ClientMetadata:
    """The same; raises `InvalidClientMetadata` or `InvalidRedirectUri`."""
    metadata.check()
    release()
    sectors.check(metadata)
    return metadata


def get(client_id: str) -> Client:
    """The row, disabled or not; raises ClickException."""
    row = registry.row_of(client_id)
    if row is None:
        raise click.ClickException("There is no such client.")
    return row


def nothing_kept(metadata: ClientMetadata) -> str:
    """Why there is no secret."""
    return "none, the client is public" if metadata.is_public else "none, it has keys of its own"
