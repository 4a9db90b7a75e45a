"""Invitations: a holder offers access to a named person, who accepts or declines."""

from flask import Flask

from idp.invitations import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
