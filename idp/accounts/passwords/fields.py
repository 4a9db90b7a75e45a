"""Form fields of passwords: one that is known, and one to be kept from now on."""

from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields

from idp.accounts.passwords import policy
from idp.accounts.passwords.errors import PasswordRefused


class SecretField(fields.String):
    """A password as it was typed, to be compared with the one that is known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """marshmallow's own refusals are all about a value that is missing."""
        return ValidationError(_("Enter your password."))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not value:
            raise self.make_error("required")
        return value


class NewPasswordField(SecretField):
    """A password to be kept from now on: what `policy.check_form` says, the rest is for
    `policy.check`. `may_have_factor`: the shorter length is enough for now."""

    def __init__(self, *, may_have_factor: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._may_have_factor = may_have_factor

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """Ask for one."""
        return ValidationError(_("Choose a password."))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        password = super()._deserialize(value, attr, data, **kwargs)
        try:
            policy.check_form(password, has_factor=self._may_have_factor)
        except PasswordRefused as error:
            raise ValidationError(str(error.text)) from None
        return password
