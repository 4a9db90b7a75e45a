"""Contacts: whom a holder authorises, and the collaborators of those who manage for others."""

from flask import Flask

from idp.contacts import clients, erasing, views
from idp.contacts.blueprint import blueprint

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Register the pages, let that of the account offer those that concern the person, and hear of
    accounts that are erased."""
    app.register_blueprint(blueprint)
    erasing.subscribe()
    app.jinja_env.globals["manages_clients"] = clients.manages_any
