"""A Flask application that does nothing: the floor under every route of ours."""

from flask import Flask


def create_app() -> Flask:
    """One route, one constant answer."""
    app = Flask(__name__)

    @app.get("/")
    def bare() -> dict[str, str]:
        return {"status": "ok"}

    return app
