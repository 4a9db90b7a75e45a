"""What staff are asked for before they help somebody back in."""

from flask_babel import lazy_gettext as _

from idp.admin.forms import MAXIMUM_REASON, ReasonSchema
from idp.fields import EmailField, FilesField, PhoneField
from idp.forms import TextField
from idp.mandates.fields import PartyNameField


class RemovalSchema(ReasonSchema):
    """/admin/accounts/<id>/factors"""

    class Meta(ReasonSchema.Meta):
        fields: tuple[str, ...] = ("checked", "documents", "reason")  # in the order of the page

    checked = TextField(
        maximum=MAXIMUM_REASON,
        missing_text=_("Write down what showed you who the person is."),
    )
    documents = FilesField(required=False)


class CorrectionSchema(RemovalSchema):
    """/admin/accounts/<id>/email"""

    class Meta(RemovalSchema.Meta):
        fields = ("new_email", "caller_name", "caller_phone", "checked", "reason")  # as on the page

    new_email = EmailField()
    caller_name = PartyNameField(_("Enter the name of the person you speak to."))
    caller_phone = PhoneField()
