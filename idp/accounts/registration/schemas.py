"""The hosted forms of registration, field by field, in the order of the page.

The names are a contract: password managers and scripts rely on them.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validates_schema

from config.market import PROOFS, RegistrationForm
from idp.accounts.fields import COUNTRY_FIELD, AnyTaxIdField
from idp.accounts.passwords.fields import NewPasswordField
from idp.accounts.passwords.schemas import TwiceSchema
from idp.accounts.registration.fields import YES
from idp.accounts.registration.questions import QUESTIONS
from idp.fields import EmailField
from idp.forms import FormSchema, TextField


class AnswersSchema(TwiceSchema):
    """Some fields of a market's form, with what it says of them together."""

    any_of: tuple[str, ...] = ()  # at least one of these has to be answered
    facts: tuple[str, ...] = ()  # what a customer has to know

    @validates_schema(skip_on_field_errors=False)
    def check_any(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """One of several is enough, none is not; a wrong one has its own error."""
        answered = [name for name in self.any_of if name not in data or data[name]]
        if self.any_of and not answered:
            text = _("Fill in this field or the next one: one of the two is enough.")
            raise ValidationError(text, self.any_of[0])

    @validates_schema(skip_on_field_errors=False)
    def check_customer(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Whoever says that they are a customer knows a fact of the contract."""
        missing = [name for name in self.facts if name in data and not data[name]]
        if missing and data.get("is_customer") == YES:
            text = _("Fill in this field, or answer that you are not our customer.")
            raise ValidationError({name: [text] for name in missing})


@lru_cache
def schema_of(form: RegistrationForm, names: tuple[str, ...]) -> AnswersSchema:
    """What reads the fields `names` of `form`."""
    declared: dict[str, fields.Field[Any]] = {}
    for name in names:
        declared[name] = QUESTIONS[name].read(name not in form.optional)
        if name == "tax_id":
            declared[COUNTRY_FIELD] = TextField(required=False)
        if name == "password":
            declared["password_confirmation"] = fields.String(load_default="")
    schema = cast(AnswersSchema, AnswersSchema.from_dict(declared)())
    schema.any_of = tuple(name for name in form.any_of if name in names)
    schema.facts = tuple(name for name in names if name in PROOFS)
    return schema


def pages_of(form: RegistrationForm) -> tuple[tuple[str, ...], ...]:
    """The fields page by page; a statement is accepted on the last one."""
    last = form.steps[-1]
    return (*form.steps[:-1], (*(("accept_statement",) if form.statement else ()), *last))


def shown_as_optional(form: RegistrationForm) -> frozenset[str]:
    """Fields that may stay empty whatever is answered elsewhere."""
    depending: Iterable[str] = PROOFS if "is_customer" in form.fields else ()
    return frozenset(form.optional) - {*form.any_of, *depending}


class ResendSchema(FormSchema):
    """`/activation/resend`: either of the two."""

    email = EmailField(required=False)
    tax_id = AnyTaxIdField(required=False)
    tax_id_country = TextField(required=False)

    @validates_schema
    def check_one(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """One is enough, none is not."""
        if not (data.get("email") or data.get("tax_id")):
            raise ValidationError(_("Enter your e-mail address or your tax id."), "email")


class FirstPasswordSchema(TwiceSchema):
    """`/activate/<token>` where the password is chosen after the e-mail."""

    password = NewPasswordField()
    password_confirmation = fields.String(load_default="")
