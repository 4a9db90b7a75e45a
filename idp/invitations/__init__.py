"""Invitations: a holder offers access to a named person, who accepts or declines."""

from flask import Flask

from idp.invitations import lookup, views


def init_app(app: Flask) -> None:
    """Register the pages, and let those of a grant link to its protocol."""
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["protocol_of"] = lookup.find_by_grant  # for the pages of a grant
