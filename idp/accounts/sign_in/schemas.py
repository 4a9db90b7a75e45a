"""The forms of sign-in, field by field, in the order of the page.

The names are a contract: password managers and scripts rely on them.
"""

from idp.accounts.passwords.fields import SecretField
from idp.accounts.sign_in.identifiers import IdentifierField
from idp.forms import FormSchema, TextField


class SignInSchema(FormSchema):
    """`/login`. The length of the password doesn't matter here: too long is simply wrong."""

    identifier = IdentifierField()
    tax_id_country = TextField(required=False)
    password = SecretField()


class ConfirmationSchema(FormSchema):
    """`/account/confirm`."""

    password = SecretField()
