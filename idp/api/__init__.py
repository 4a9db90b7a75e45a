"""The JSON API for other systems (`/api/v1`), described by `/api/openapi.json`.

Every refusal below `/api/` is problem details (RFC 9457, see `idp.http_errors`).
"""

from flask import Flask

from idp.api import openapi, views

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Register the endpoints and their description."""
    openapi.init_app(app)
