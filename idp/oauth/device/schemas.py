"""The form for a device's code."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError

from idp.errors import DomainError
from idp.fields import TypedField
from idp.forms import FormSchema
from idp.oauth.device import codes


class UnknownUserCode(DomainError):
    """Nobody's, decided, or its time is over: they answer alike."""

    code = "unknown_user_code"
    text = lazy_gettext(
        "This code is not valid, or not any more. Compare it, or have your device show a new one."
    )
    field = "user_code"


class UserCodeField(TypedField):
    """A code as it is shown, however it was typed."""

    def missing_text(self) -> str:
        """Ask for it."""
        return _("Type the code that your device shows.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = codes.read(value)
        if found is None:
            raise ValidationError(
                _("The code has eight letters, such as %(code)s.", code="WDJB-MJHT")
            )
        return found


class UserCodeForm(FormSchema):
    """One code."""

    user_code = UserCodeField()
