"""The registry: who holds which installation, and the import that keeps it true."""

from flask import Flask

from idp.registry import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
