"""Grants: who may act on whose installations, why, and until when."""

from flask import Flask

from idp.grants import transfers, views


def init_app(app: Flask) -> None:
    """Register the pages and hear of installations that change holder."""
    app.register_blueprint(views.blueprint)
    transfers.subscribe()
