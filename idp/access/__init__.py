"""The online decision and search API (OpenID AuthZEN Authorization API 1.0).

Who may do what there, now. The grants decide; this feature only asks and answers.
"""

from flask import Flask

from idp.access.views import blueprint


def init_app(app: Flask) -> None:
    """Register the endpoints."""
    app.register_blueprint(blueprint)
