"""Look up installations and what a holder has."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from idp.errors import NotFound
from idp.extensions import db
from idp.registry.models import Holder, Installation
from idp.taxids import TaxId


def get_installation(public_id: str) -> Installation:
    """The installation of this UUID; raises `NotFound`, for a malformed one too."""
    try:
        key = uuid.UUID(public_id)
    except ValueError as error:
        raise NotFound from error
    found = db.session.scalar(select(Installation).where(Installation.public_id == key))
    if found is None:
        raise NotFound
    return found


def find_holder(tax_id: TaxId) -> Holder | None:
    """The party with this tax id, if the registry knows it."""
    return db.session.get(Holder, tax_id)
