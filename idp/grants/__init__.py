"""Grants: who may act on whose installations, why, and until when."""

from flask import Flask

from idp.grants import chain_views, installation_views, transfers, use_views, views
from idp.grants.blueprint import blueprint

__all__ = ["chain_views", "init_app", "installation_views", "use_views", "views"]


def init_app(app: Flask) -> None:
    """Register the pages and hear of installations that change holder."""
    app.register_blueprint(blueprint)
    transfers.subscribe()
