"""Pages that belong to no feature: home, health, the layout's helpers."""

from flask import Flask

from idp.pages import components, health, views


def init_app(app: Flask) -> None:
    """Register home and health, and what every template may call."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(health.blueprint)
    components.init_app(app)
