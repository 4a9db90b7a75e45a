"""A tax id in the database: its canonical text, so that one party is one value."""

from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from idp.taxids import TaxId


class TaxIdColumn(TypeDecorator[TaxId]):
    """Stores `br:cpf:52998224725`, gives back a `TaxId`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: TaxId | None, dialect: Dialect) -> str | None:
        """Canonical text; anything but a `TaxId` is a fault of ours."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> TaxId | None:
        """Trust what was canonical when it was written."""
        return None if value is None else TaxId.stored(value)
