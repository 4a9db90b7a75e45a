"""The demo's web application: the provider as deployed, and the inbox beside it."""

from flask import Flask

from demo import inbox
from idp import create_app as create_provider


def create_app() -> Flask:
    """The provider of the environment's settings, with `/demo/inbox`."""
    app = create_provider()
    app.register_blueprint(inbox.blueprint)
    return app
