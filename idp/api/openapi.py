"""The description of the API (OpenAPI 3.1), made once and served from memory; no pages around it.

flask-smorest would answer errors and serve a user interface from elsewhere: here it does neither.
"""

import json
from importlib.metadata import version
from typing import Any

import flask_smorest
from flask import Blueprint, Flask, Response, current_app
from flask.typing import ResponseReturnValue

from idp.api.blueprint import blueprint
from idp.api.callers import SCOPE

MAX_AGE = 3600  # seconds
DOCUMENT = "api_description"  # in app.extensions
MEANING = "Tell what was done with grants."

documents = Blueprint("api_documents", __name__)


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's, as the writer of the description only."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # every status is described by itself

    def _register_error_handlers(self) -> None:
        """The house's own stay (see `idp.http_errors`)."""

    def _register_responses(self) -> None:
        """No schemas that nothing refers to, here and below."""

    def _register_pagination_header(self) -> None:
        pass


def init_app(app: Flask) -> None:
    """Register the operations and describe them."""
    issuer = app.config["ISSUER"]
    api = Api(
        app,
        spec_kwargs={
            "title": "Outorga",
            "version": version("outorga"),
            "openapi_version": "3.1.0",
            "servers": [{"url": issuer}],
        },
    )
    api.spec.components.security_scheme("oauth", _security(issuer))
    api.register_blueprint(blueprint)
    app.register_blueprint(documents)
    app.extensions[DOCUMENT] = json.dumps(api.spec.to_dict()).encode()


@documents.get("/api/openapi.json")
def description() -> ResponseReturnValue:
    """OpenAPI 3.1."""
    response = Response(current_app.extensions[DOCUMENT], content_type="application/json")
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _security(issuer: str) -> dict[str, Any]:
    """OpenAPI 3.1 section 4.8.27."""
    token, scopes = f"{issuer}/oauth/token", {SCOPE: MEANING}
    authorize = f"{issuer}/oauth/authorize"
    return {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {"tokenUrl": token, "scopes": scopes},
            "authorizationCode": {
                "authorizationUrl": authorize,
                "tokenUrl": token,
                "scopes": scopes,
            },
        },
    }
