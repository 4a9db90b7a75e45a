"""The staff console."""

from flask import Flask

from idp.admin import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
