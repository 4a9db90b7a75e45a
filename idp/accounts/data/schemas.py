"""The forms of the account pages, field by field, in the order of the page."""

from flask_babel import lazy_gettext as _

from idp.forms import FormSchema, TextField


class ClosingSchema(FormSchema):
    """`/account/data/closing`: the box has to be ticked."""

    understood = TextField(missing_text=_("Tick the box if you really want to close your account."))
