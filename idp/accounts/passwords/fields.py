"""Form fields of passwords: one that is known, and one to be kept from now on."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from marshmallow import ValidationError, fields

from idp.accounts import passwords


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
    """A password to be kept from now on: long enough, and not so long that it costs us."""

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """Ask for one."""
        return ValidationError(_("Choose a password."))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        password = super()._deserialize(value, attr, data, **kwargs)
        minimum = current_app.config["PASSWORD_MINIMUM_LENGTH"]
        if len(password) > passwords.MAXIMUM_LENGTH:
            number = passwords.MAXIMUM_LENGTH
            raise ValidationError(_("Use at most %(number)s characters.", number=number))
        if len(passwords.normalised(password)) < minimum:
            raise ValidationError(
                _("Use at least %(number)s characters: four words are enough.", number=minimum)
            )
        return password
