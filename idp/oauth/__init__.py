"""The OAuth 2 and OpenID Connect provider."""

from flask import Flask

from idp.oauth import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
