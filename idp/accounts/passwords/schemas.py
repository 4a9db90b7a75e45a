"""Forms with a new password, field by field, in the order of the page."""

from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validates_schema

from idp.accounts.passwords.fields import NewPasswordField, SecretField
from idp.forms import FormSchema


class TwiceSchema(FormSchema):
    """Base of every form with a new password, which is typed twice."""

    @validates_schema(skip_on_field_errors=False)
    def check_same(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Both must be the same, or one of them has a typing error."""
        if "password" in data and data["password"] != data.get("password_confirmation"):
            raise ValidationError(
                _("Both passwords must be the same."), field_name="password_confirmation"
            )


class PasswordChangeSchema(TwiceSchema):
    """`/account/security/password`."""

    current_password = SecretField()
    password = NewPasswordField(may_have_factor=True)
    password_confirmation = fields.String(load_default="")
