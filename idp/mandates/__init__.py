"""Mandates: who represents a company or manages for a holder, shown by documents staff review."""

from flask import Flask

from idp.mandates import erasing, joining, views
from idp.mandates.blueprint import blueprint

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Register the pages, hear of invitations that follow an approval and of accounts that are
    erased."""
    app.register_blueprint(blueprint)
    joining.subscribe()
    erasing.subscribe()
