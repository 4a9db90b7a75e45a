"""Write a row that carries a protocol number."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from idp.extensions import db
from idp.invitations.protocols import new_protocol

TRIES = 5


class Numbered(Protocol):
    """A model with a unique `protocol`, which says when it began."""

    __tablename__: Any
    protocol: Any
    created_at: Any


def insert(row: Numbered) -> None:
    """The protocol number is drawn again while it is somebody else's already."""
    began: datetime = row.created_at
    for _try in range(TRIES):
        row.protocol = new_protocol(began)
        try:
            with db.session.begin_nested():
                db.session.add(row)
                db.session.flush()
        except IntegrityError as error:
            if f"uq_{row.__tablename__}_protocol" not in str(error.orig):
                raise
        else:
            return
    raise RuntimeError("no free protocol number")
