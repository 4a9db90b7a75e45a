"""`/healthz`: the process answers. `/readyz`: it can serve, because the database can."""

from http import HTTPStatus

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from idp import migrations
from idp.extensions import db

blueprint = Blueprint("health", __name__)

MIGRATED = "outorga_migrated"


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """Always 200 while the process lives."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """200 when the database answers and is migrated, else 503: a balancer sends people elsewhere.

    Migrations are looked at until they are current, once a process.
    """
    try:
        connection = db.session.connection()
        connection.execute(text("SELECT 1"))
        if not current_app.extensions.get(MIGRATED):
            current_app.extensions[MIGRATED] = migrations.is_current(connection)
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="database unavailable"), HTTPStatus.SERVICE_UNAVAILABLE
    if not current_app.extensions[MIGRATED]:
        return jsonify(status="migrations missing"), HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ok")
