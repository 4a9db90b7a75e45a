"""The Flask extensions, made once and bound to the application in `create_app`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import DateTime, Enum, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, registry

RECYCLE_SECONDS = 1800  # after which a connection is opened anew

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={datetime: DateTime(timezone=True), str: Text()},
    )


PLAN_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
csrf = CSRFProtect()


def choice(kind: type[StrEnum]) -> Enum:
    """A text column that holds one of `kind`'s values, checked by the database."""
    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


@contextmanager
def transaction() -> Iterator[None]:
    """The one commit of a request: everything inside is kept, or nothing is."""
    try:
        yield
    except BaseException:
        db.session.rollback()
        raise
    if db.session.registry.has():  # making a session only to end it takes as long as a signature
        db.session.commit()


def end_reading(response: Response) -> Response:
    """After a request: end what it has only read by COMMIT.

    Left open, it would end by ROLLBACK, on which psycopg forgets every statement that it prepared;
    planning those anew takes several times as long as running them. A view that writes has
    committed by now in `transaction()`, and a refusal has rolled back.
    """
    if response.status_code < HTTPStatus.BAD_REQUEST:
        release()
    return response


def release() -> None:
    """Give the connection back by COMMIT, once nothing more is to be read."""
    if db.session.registry.has() and db.session().in_transaction():
        db.session.commit()


def plan_anew() -> None:
    """Until the transaction ends, plan each statement for the values that it has.

    A plan kept from small tables reads them from end to end, and all of a list for each of their
    rows: before something that comes with a list of any length, this costs less than that.
    """
    db.session.execute(PLAN_ANEW)


def engine_options(pool_size: int) -> dict[str, Any]:
    """How each process talks to PostgreSQL: a bounded pool, statements prepared once."""
    return {
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": 10,
        "pool_pre_ping": False,
        "pool_recycle": RECYCLE_SECONDS,
        "hide_parameters": True,  # errors are logged, and parameters are tax ids and addresses
        "connect_args": {
            "prepare_threshold": 1,
            "application_name": "outorga",
            # Compiling a statement takes longer than running any of ours.
            "options": "-c timezone=UTC -c statement_timeout=30s -c lock_timeout=10s -c jit=off",
        },
    }
