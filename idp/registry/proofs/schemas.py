"""`/account/proof`: a field for each fact that a market may take; one of them is enough."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from marshmallow import ValidationError, validates_schema

from idp.forms import FormSchema, TextField
from idp.registry.models import FactKind
from idp.registry.proofs.canonical import MAXIMUM_TYPED, Unreadable
from idp.registry.proofs.facts import CANONICAL


class FactField(TextField):
    """A fact as it was typed, or nothing; what can't be one is told before a try is counted."""

    def __init__(self, kind: FactKind, unreadable: LazyString) -> None:
        super().__init__(required=False, maximum=MAXIMUM_TYPED)
        self._kind = kind
        self._unreadable = unreadable

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, *args, **kwargs))
        try:
            if 0 < len(text) <= MAXIMUM_TYPED:
                CANONICAL[self._kind](text)
        except Unreadable as error:
            raise ValidationError(str(self._unreadable)) from error
        return text


class ProofSchema(FormSchema):
    """Take it with `only` the proofs of the market's profile."""

    installation_code = TextField(required=False, maximum=MAXIMUM_TYPED)
    contract_number = FactField(
        FactKind.CONTRACT_NUMBER,
        lazy_gettext("Enter the contract number with its letters and digits alone."),
    )
    bank_digits = FactField(
        FactKind.BANK_DIGITS,
        lazy_gettext("Enter the last four digits alone, not the whole account number."),
    )
    invoice_total = FactField(
        FactKind.INVOICE_TOTAL,
        lazy_gettext("Enter the total of the invoice with its cents, such as 45.60."),
    )

    @validates_schema
    def check_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        """One is enough, none is not."""
        if not any(data.values()):
            first = next(iter(self.fields), "_schema")
            raise ValidationError(_("Fill in one of these fields."), first)
