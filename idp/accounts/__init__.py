"""Accounts: registration, activation, sign-in, recovery and browser sessions."""

from flask import Flask

from idp.accounts import passwords, sessions, views


def init_app(app: Flask) -> None:
    """Register the pages, and the session cookie that follows them."""
    passwords.init_app(app)
    app.register_blueprint(views.blueprint)
    app.after_request(sessions.write_cookie)
    app.jinja_env.globals["find_account"] = sessions.find_account
