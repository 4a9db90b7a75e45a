"""Pages that belong to no feature: home, health, the layout's helpers."""

from flask import Flask

from idp.pages import brand, components, health, language, static_files, views


def init_app(app: Flask) -> None:
    """Register home and health, and what every template may call."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(health.blueprint)
    for part in (brand, components, static_files, language):
        part.init_app(app)
