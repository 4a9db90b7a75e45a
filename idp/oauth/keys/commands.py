"""`idp keys`: what an operator does with signing keys."""

import click
from flask import current_app
from flask.cli import AppGroup

from idp import clock
from idp.audit import OPERATOR
from idp.extensions import transaction
from idp.oauth import keys as signing_keys
from idp.oauth.keys import JWKS_MAX_AGE


@click.group(cls=AppGroup)
def keys() -> None:
    """Signing keys."""


@keys.command("rotate")
@click.option(
    "--algorithm",
    type=click.Choice(signing_keys.ALGORITHMS),
    help="One algorithm; by default every one.",
)
@click.option(
    "--now",
    "immediately",
    is_flag=True,
    help="Sign with it at once: applications that keep our key set without asking again for a key"
    f" that they don't know refuse our tokens for up to {JWKS_MAX_AGE // 60} minutes.",
)
def rotate_keys(algorithm: str | None, immediately: bool) -> None:
    """Publish new keys; they sign once everybody can know them, or at once.

    The worker does the same every SIGNING_KEY_LIFE_DAYS. The old ones stay published until the
    last token that they signed has expired.
    """
    with transaction():
        made = [
            signing_keys.rotate(each, by=OPERATOR, at=clock.now(), immediately=immediately)
            for each in ([algorithm] if algorithm else signing_keys.ALGORITHMS)
        ]
    for key in made:
        click.echo(f"{key.algorithm} {key.kid} signs from {key.active_at:%Y-%m-%d %H:%M:%S} UTC")
    click.echo(f"Published at {current_app.config['ISSUER']}/oauth/jwks")
