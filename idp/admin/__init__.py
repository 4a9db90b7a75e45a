"""The staff console: search, see, revoke, lock; behind a password and a second factor."""

from flask import Flask

from idp.admin import sessions, views
from idp.admin.blueprint import blueprint

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Register the pages, and the staff cookie that follows them."""
    app.register_blueprint(blueprint)
    app.after_request(sessions.write_cookie)
