"""The forms of recovery, field by field, in the order of the page.

The names are a contract: password managers and scripts rely on them.
"""

from collections.abc import Mapping
from typing import Any, Self

from flask import current_app
from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validates_schema

from config import market
from idp.accounts.fields import AnyTaxIdField
from idp.accounts.passwords.fields import NewPasswordField, SecretField
from idp.accounts.passwords.schemas import TwiceSchema
from idp.fields import EmailField
from idp.forms import FormSchema, TextField

MAXIMUM_FACT = 64


class RecoverySchema(FormSchema):
    """`/recover`."""

    tax_id = AnyTaxIdField()
    tax_id_country = TextField(required=False)
    email = EmailField()


class EmailUnknownSchema(FormSchema):
    """`/recover/email-unknown`: the tax id, and one of the facts that the market takes."""

    tax_id = AnyTaxIdField()
    tax_id_country = TextField(required=False)
    installation_code = TextField(required=False, maximum=MAXIMUM_FACT)
    contract_number = TextField(required=False, maximum=MAXIMUM_FACT)
    bank_digits = TextField(required=False, maximum=MAXIMUM_FACT)
    invoice_total = TextField(required=False, maximum=MAXIMUM_FACT)

    @classmethod
    def of_market(cls) -> Self:
        """With the facts of the deployment's market alone."""
        return cls(exclude=set(market.PROOFS) - set(facts_of_market()))

    @validates_schema
    def check_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        """One is enough, none is not."""
        facts = facts_of_market()
        if facts and not any(data.get(name) for name in facts):
            raise ValidationError(_("Fill in one of these fields."), facts[0])


class LostEmailSchema(FormSchema):
    """`/recover/change-email`. The length of the password doesn't matter: too long is wrong."""

    tax_id = AnyTaxIdField()
    tax_id_country = TextField(required=False)
    password = SecretField()
    new_email = EmailField()


class ResetSchema(TwiceSchema):
    """`/reset/<token>`."""

    password = NewPasswordField(may_have_factor=True)
    password_confirmation = fields.String(load_default="")


class NewEmailSchema(FormSchema):
    """`/account/email`."""

    new_email = EmailField()


def facts_of_market() -> tuple[str, ...]:
    """What shows that somebody is the holder, by form field; some of `market.PROOFS`."""
    facts: tuple[str, ...] = current_app.config["PROFILE"].proofs
    return facts
