"""What the console's pages are sent."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields

from idp.fields import ChoicesField, TypedField
from idp.forms import FormSchema, TextField

MAXIMUM_REASON = 1000


class SignInSchema(FormSchema):
    """/admin/login"""

    email = TextField(missing_text=lazy_gettext("Enter your e-mail address."))
    password = TextField(missing_text=lazy_gettext("Enter your password."))


class CodeSchema(FormSchema):
    """/admin/login/factor"""

    code = TextField(missing_text=lazy_gettext("Enter the code that your app shows."))


class PageNumber(fields.Field[int]):
    """A page of results; nonsense means the first."""

    def _deserialize(self, value: object, attr: str | None, data: object, **_kwargs: object) -> int:
        text = str(value)
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else 1


class SearchSchema(FormSchema):
    """/admin/"""

    term = TextField(missing_text=lazy_gettext("Enter what you are looking for."))
    page = PageNumber(load_default=1)


class ReasonSchema(FormSchema):
    """Every step that somebody may have to answer for later."""

    reason = TextField(
        maximum=MAXIMUM_REASON,
        missing_text=lazy_gettext("Write down why: it stays on record."),
    )


class ConfirmationField(TypedField):
    """Four words, typed as they are shown: what can't be undone is not done by a stray click."""

    def missing_text(self) -> str:
        """Ask for the words."""
        return _("Type these words: %(words)s", words=self.words())

    def words(self) -> str:
        """In the reader's language."""
        return _("erase this account forever")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if " ".join(str(value).casefold().split()) != self.words().casefold():
            raise ValidationError(self.missing_text())
        return self.words()


class ErasureSchema(ReasonSchema):
    """/admin/accounts/<id>/erasure"""

    confirmation = ConfirmationField()


class ScopeField(TypedField):
    """`all` of a grant's installations, or those `chosen`."""

    def missing_text(self) -> str:
        """Ask for either."""
        return _("Choose all installations or some of them.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in ("all", "chosen"):
            raise ValidationError(self.missing_text())
        return str(value)


class RevocationSchema(ReasonSchema):
    """/admin/grants/<id>/revocation"""

    scope = ScopeField()
    installations = ChoicesField()


class CancellationSchema(ReasonSchema):
    """/admin/invitations/<id>/cancellation"""


class VersionField(fields.Field[int]):
    """Which version of a thing was looked at; nonsense is one that there never was."""

    def __init__(self) -> None:
        super().__init__(load_default=0)

    def _deserialize(self, value: object, attr: str | None, data: object, **_kwargs: object) -> int:
        text = str(value)
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("100000") else 0


class AgencySeenSchema(FormSchema):
    """/admin/agencies/<id>/confirmation"""

    version = VersionField()


class AgencyRefusalSchema(AgencySeenSchema):
    """/admin/agencies/<id>/refusal"""

    text = TextField(
        maximum=MAXIMUM_REASON,
        missing_text=lazy_gettext("Write what the person is told."),
    )
