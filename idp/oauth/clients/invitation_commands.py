"""`idp clients invite` and `uninvite`: initial access tokens."""

from datetime import timedelta

import click

from idp import clock
from idp.audit import OPERATOR
from idp.extensions import transaction
from idp.oauth.clients import invitations
from idp.oauth.clients.invitations import Allowance
from idp.oauth.scopes import is_registrable

MAXIMUM_DAYS = 90
MAXIMUM_USES = 1000


@click.command("invite")
@click.option("--note", required=True, help="For whom, in your own words.")
@click.option("--uses", default=1, type=click.IntRange(1, MAXIMUM_USES), show_default=True)
@click.option("--days", default=7, type=click.IntRange(1, MAXIMUM_DAYS), show_default=True)
@click.option("--scope", default="", help="Scopes beyond the ordinary that they may ask for.")
@click.option("--resource", "resources", multiple=True, help="What their tokens may be for.")
@click.option("--introspect", is_flag=True, help="They may be resource servers.")
@click.option("--act-aware", is_flag=True, help="… that understand `act`.")
@click.option("--single-holder", is_flag=True, help="They may act for one holder at a time.")
@click.option("--without-pkce", is_flag=True, help="For old confidential clients only.")
@click.option("--unsigned-requests", is_flag=True, help="… that don't sign request objects.")
def invite(note: str, uses: int, days: int, scope: str, **allowed: object) -> None:
    """Let applications register themselves; the token is shown here and never again."""
    scopes = tuple(scope.split())
    if not all(map(is_registrable, scopes)):
        raise click.ClickException("There is no such scope.")
    allowance = Allowance(scope=scopes, **allowed)  # type: ignore[arg-type]
    with transaction():
        row, token = invitations.invite(
            allowance,
            note=note,
            uses=uses,
            life=timedelta(days=days),
            by=OPERATOR,
            at=clock.now(),
        )
    click.echo(f"invitation: {row.public_id}")
    click.echo(f"expires: {row.expires_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"initial_access_token: {token}")


@click.command("uninvite")
@click.argument("invitation")
def uninvite(invitation: str) -> None:
    """No more applications with this invitation; those there are stay."""
    with transaction():
        if not invitations.withdraw(invitation, at=clock.now()):
            raise click.ClickException("There is no such invitation in use.")
    click.echo("Withdrawn.")
