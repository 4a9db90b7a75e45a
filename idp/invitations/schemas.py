"""The forms of the wizard and of the answer; field names are a contract: scripts rely on them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError

from idp import taxids
from idp.accounts.fields import NameField
from idp.fields import EmailField, TaxIdField, TypedField, tax_id_text
from idp.forms import FormSchema, TextField
from idp.grants.models import Level
from idp.invitations.conditions import Choice
from idp.invitations.drafts import GUEST_ANSWERS
from idp.invitations.errors import GuestIsCompany
from idp.invitations.models import InvitationDraft
from idp.invitations.rules import folded
from idp.taxids import MalformedTaxId, TaxId, TaxIdSchemeNotAllowed

PERSONS = ("br:cpf", "es:nif", "es:nie", "pt:nif")
MAXIMUM_REASON = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to whom, apart from the installations."""

    guest_name: str
    guest_tax_id: TaxId
    guest_email: str
    level: Level
    ends_on: date | None  # None: until it is taken back


class GuestNameField(NameField):
    """The invited person's name."""

    def missing_text(self) -> str:
        """Ask for it."""
        return _("Enter the person's full name.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            name: str = super()._deserialize(value, attr, data, **kwargs)
        except ValidationError:
            name = ""
        if not folded(name):
            text = _("Enter the name as it is written on the person's document.")
            raise ValidationError(text)
        return name


class PersonTaxIdField(TaxIdField):
    """The tax id of a natural person, of the deployment's schemes."""

    def missing_text(self) -> str:
        """Ask for it."""
        return _("Enter the person's tax id.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> TaxId:
        allowed = current_app.config["TAX_ID_SCHEMES"]
        try:
            return taxids.parse(value, tuple(each for each in PERSONS if each in allowed))
        except TaxIdSchemeNotAllowed:
            raise ValidationError(str(GuestIsCompany.text)) from None
        except MalformedTaxId as error:
            raise ValidationError(tax_id_text(error)) from None


class ChoiceField(TypedField):
    """One of the values of `kind`."""

    def __init__(self, kind: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._kind = kind

    def missing_text(self) -> str:
        """Ask for a choice."""
        return _("Choose one of the options.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self._kind(value)
        except ValueError:
            raise ValidationError(self.missing_text()) from None


class DayField(TypedField):
    """A day as ISO 8601 text, which is what every date input sends."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            text = _("Enter the day as year-month-day, such as 2027-12-31.")
            raise ValidationError(text) from None


class HolderSchema(FormSchema):
    """In whose name, and that giving access is meant."""

    holder = TextField(required=False)
    aware = TextField(missing_text=lazy_gettext("Confirm that you are aware of this to go on."))


class SegmentSchema(FormSchema):
    """Which kind of supply, where the holder has several."""

    segment = TextField(missing_text=lazy_gettext("Choose one of the options."))


class ChoiceSchema(FormSchema):
    """Some of the installations, all of today, or all, those to come too."""

    choice = ChoiceField(Choice)


class GuestSchema(FormSchema):
    """who is invited, to do what, until when."""

    guest_name = GuestNameField()
    guest_tax_id = PersonTaxIdField()
    guest_email = EmailField()
    level = ChoiceField(Level)
    ends_on = DayField(required=False)


class CheckSchema(FormSchema):
    """The terms, and what the page showed."""

    accept_permission_terms = TextField(
        missing_text=lazy_gettext("Accept the terms of access permission to send the invitation.")
    )
    seen = TextField(required=False)


class DeclineSchema(FormSchema):
    """An answer in the negative."""

    reason = TextField(required=False, maximum=MAXIMUM_REASON)


class AcceptSchema(FormSchema):
    """An answer in the affirmative: both texts must be accepted."""

    accept_permission_terms = TextField(
        missing_text=lazy_gettext("Accept the terms of access permission to go on.")
    )
    accept_platform_terms = TextField(
        missing_text=lazy_gettext("Accept the terms of use to go on.")
    )


def read_offer(draft: InvitationDraft) -> Offer | None:
    """What the draft says about the guest, or None while something is missing or wrong."""
    try:
        return Offer(**GuestSchema().load({name: getattr(draft, name) for name in GUEST_ANSWERS}))
    except ValidationError:
        return None
