"""The forms of second factors, field by field."""

from flask_babel import lazy_gettext as _

from idp.accounts.factors.ceremonies import LONGEST
from idp.forms import FormSchema, TextField

MAXIMUM_NAME = 64  # characters


class FactorSchema(FormSchema):
    """`/login/factor`, `/account/confirm/factor`: of an app, or a recovery code."""

    code = TextField(missing_text=_("Enter the code."))
    remember_device = TextField(required=False)


class AppSchema(FormSchema):
    """`/account/security/app`; `setup` is the sealed seed that the page was made for."""

    setup = TextField(required=False, maximum=LONGEST)
    code = TextField(missing_text=_("Enter the code that the app shows."))


class AnswerSchema(FormSchema):
    """What the script wrote on behalf of a passkey."""

    credential = TextField(
        maximum=LONGEST, missing_text=_("The passkey could not be checked. Please try again.")
    )


class NameSchema(FormSchema):
    """A passkey's name."""

    name = TextField(maximum=MAXIMUM_NAME, missing_text=_("Give it a name."))


class NewPasskeySchema(NameSchema, AnswerSchema):
    """`/account/security/passkeys/new`."""
