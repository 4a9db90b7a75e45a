"""Grants: who may act on whose installations, why, and until when."""

from flask import Flask

from idp.grants import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
