"""The hosted forms, field by field, in the order of the page.

The names are a contract: password managers and scripts rely on them.
"""

from marshmallow import fields

from idp.accounts.fields import AnyTaxIdField
from idp.accounts.passwords.fields import NewPasswordField
from idp.accounts.passwords.schemas import TwiceSchema
from idp.fields import EmailField
from idp.forms import FormSchema, TextField


class RecoverySchema(FormSchema):
    """`/recover`."""

    tax_id = AnyTaxIdField()
    tax_id_country = TextField(required=False)
    email = EmailField()


class ResetSchema(TwiceSchema):
    """`/reset/<token>`."""

    password = NewPasswordField(may_have_factor=True)
    password_confirmation = fields.String(load_default="")
