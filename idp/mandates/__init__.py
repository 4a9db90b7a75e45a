"""Mandates: who represents a company or manages for a holder, shown by documents staff review."""

from flask import Flask

from idp.mandates import views
from idp.mandates.blueprint import blueprint

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
