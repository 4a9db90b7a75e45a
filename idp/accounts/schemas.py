"""The hosted forms, field by field, in the order of the page.

The names are a contract: password managers and scripts rely on them.
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields, validate, validates_schema

from idp.accounts.fields import AnyTaxIdField, NameField
from idp.accounts.passwords.fields import NewPasswordField
from idp.accounts.passwords.schemas import TwiceSchema
from idp.fields import EmailField, PhoneField
from idp.forms import FormSchema, TextField

CUSTOMER = "customer"


class RegistrationSchema(TwiceSchema):
    """`/register`."""

    kind = fields.String(
        load_default=CUSTOMER,
        validate=validate.OneOf([CUSTOMER], error=lazy_gettext("Choose one of the answers.")),  # type: ignore[arg-type]
    )
    tax_id = AnyTaxIdField()
    tax_id_country = TextField(required=False)
    name = NameField()
    email = EmailField()
    landline = PhoneField(required=False, load_default="")
    mobile = PhoneField(required=False, load_default="")
    password = NewPasswordField()
    password_confirmation = fields.String(load_default="")
    installation_code = TextField(required=False, maximum=64)
    accept_terms = TextField(
        missing_text=lazy_gettext("You can only open an account if you accept the terms of use.")
    )


class ResendSchema(FormSchema):
    """`/activation/resend`: either of the two."""

    email = EmailField(required=False)
    tax_id = AnyTaxIdField(required=False)
    tax_id_country = TextField(required=False)

    @validates_schema
    def check_one(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """One is enough, none is not."""
        if not (data.get("email") or data.get("tax_id")):
            raise ValidationError(_("Enter your e-mail address or your tax id."), "email")


class RecoverySchema(FormSchema):
    """`/recover`."""

    tax_id = AnyTaxIdField()
    tax_id_country = TextField(required=False)
    email = EmailField()


class ResetSchema(TwiceSchema):
    """`/reset/<token>`."""

    password = NewPasswordField(may_have_factor=True)
    password_confirmation = fields.String(load_default="")


class ClosingSchema(FormSchema):
    """`/account/data/closing`: the box has to be ticked."""

    understood = TextField(
        missing_text=lazy_gettext("Tick the box if you really want to close your account.")
    )
