"""Mandates: who represents a company or manages for a holder, shown by documents staff review."""

from flask import Flask

from idp.mandates import joining, views
from idp.mandates.blueprint import blueprint

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Register the pages, and hear of invitations that follow an approval."""
    app.register_blueprint(blueprint)
    joining.subscribe()
