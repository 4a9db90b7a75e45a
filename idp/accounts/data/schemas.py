"""The forms of the account pages, field by field, in the order of the page."""

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, validates

from idp.accounts.data.exporting import Format
from idp.fields import PhoneField
from idp.forms import FormSchema, TextField


class PhonesSchema(FormSchema):
    """`/account/profile`: either may be left empty."""

    mobile = PhoneField(required=False)
    landline = PhoneField(required=False)


class LanguageSchema(FormSchema):
    """`/account/profile/language`: one that the deployment offers."""

    locale = TextField(missing_text=_("Choose a language."))

    @validates("locale")
    def check_offered(self, value: str, **_kwargs: object) -> None:
        """Anything else was not on the page."""
        if value not in current_app.config["LOCALES"]:
            raise ValidationError(gettext("Choose a language."))


class ExportSchema(FormSchema):
    """`/account/data/export`: what the file is to be."""

    format = TextField(missing_text=_("Choose one of the two files."))

    @validates("format")
    def check_known(self, value: str, **_kwargs: object) -> None:
        """Anything else was not on the page."""
        if value not in set(Format):
            raise ValidationError(gettext("Choose one of the two files."))


class ClosingSchema(FormSchema):
    """`/account/data/closing`: the box has to be ticked."""

    understood = TextField(missing_text=_("Tick the box if you really want to close your account."))
