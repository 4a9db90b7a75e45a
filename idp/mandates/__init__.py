"""Mandates: who represents a company or manages for a holder, shown by documents staff review."""

from flask import Flask

from idp.accounts.data import exporting as data
from idp.mandates import erasing, exporting, joining, views
from idp.mandates.blueprint import blueprint

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Register the pages, hear of invitations that follow an approval and of accounts that are
    erased, and be part of what an account can take along."""
    app.register_blueprint(blueprint)
    joining.subscribe()
    erasing.subscribe()
    data.add(exporting.REQUESTS)
