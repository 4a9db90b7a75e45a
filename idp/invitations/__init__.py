"""Invitations: a holder offers access to a named person, who accepts or declines."""

from flask import Flask

from idp.invitations import erasing, lookup, views


def init_app(app: Flask) -> None:
    """Register the pages, let those of a grant link to its protocol, and hear of accounts that are
    erased."""
    app.register_blueprint(views.blueprint)
    erasing.subscribe()
    app.jinja_env.globals["protocol_of"] = lookup.find_by_grant  # for the pages of a grant
