"""What the console's pages are sent."""

from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, fields

from idp.fields import ChoicesField
from idp.forms import FormSchema, TextField

MAXIMUM_REASON = 1000
CHOOSE_SCOPE = _("Choose all installations or some of them.")


class SignInSchema(FormSchema):
    """/admin/login"""

    email = TextField(missing_text=_("Enter your e-mail address."))
    password = TextField(missing_text=_("Enter your password."))


class CodeSchema(FormSchema):
    """/admin/login/factor"""

    code = TextField(missing_text=_("Enter the code that your app shows."))


class PageNumber(fields.Field[int]):
    """A page of results; nonsense means the first."""

    def _deserialize(self, value: object, attr: str | None, data: object, **_kwargs: object) -> int:
        text = str(value)
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else 1


class SearchSchema(FormSchema):
    """/admin/"""

    term = TextField(missing_text=_("Enter what you are looking for."))
    page = PageNumber(load_default=1)


class ReasonSchema(FormSchema):
    """Every step that somebody may have to answer for later."""

    reason = TextField(
        maximum=MAXIMUM_REASON,
        missing_text=_("Write down why: it stays on record."),
    )


def _check_scope(value: str) -> None:
    if value not in {"all", "chosen"}:
        raise ValidationError([CHOOSE_SCOPE])


class RevocationSchema(ReasonSchema):
    """/admin/grants/<id>/revocation"""

    scope = fields.String(
        required=True, validate=_check_scope, error_messages={"required": CHOOSE_SCOPE}
    )
    installations = ChoicesField()


class CancellationSchema(ReasonSchema):
    """/admin/invitations/<id>/cancellation"""
