"""Grants: who may act on whose installations, why, and until when."""

from flask import Flask

from idp.grants import (
    cancelling,
    chain_views,
    installation_views,
    stakes,
    transfers,
    use_views,
    views,
)
from idp.grants.blueprint import blueprint

__all__ = ["chain_views", "init_app", "installation_views", "use_views", "views"]


def init_app(app: Flask) -> None:
    """Register the pages, hear of installations that change holder and of accounts that are erased,
    and let the pages of an account say what would end with it."""
    app.register_blueprint(blueprint)
    transfers.subscribe()
    cancelling.subscribe()
    app.jinja_env.globals["at_stake"] = stakes.of
