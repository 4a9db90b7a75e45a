"""Invitations: a holder offers access to a named person, who accepts or declines."""

from flask import Flask

from idp.accounts.data import activity
from idp.accounts.data import exporting as data
from idp.invitations import erasing, exporting, lookup, views


def init_app(app: Flask) -> None:
    """Register the pages, let those of a grant link to its protocol, hear of accounts that are
    erased, and be part of what an account can see and take along."""
    app.register_blueprint(views.blueprint)
    erasing.subscribe()
    activity.related["invitation"] = lookup.ids_received_by
    data.add(exporting.SENT, exporting.RECEIVED)
    app.jinja_env.globals["protocol_of"] = lookup.find_by_grant  # for the pages of a grant
