"""The forms, field by field, in the order of the page; the names are a contract."""

from enum import StrEnum

from flask_babel import lazy_gettext

from idp.fields import ChoicesField, EmailField
from idp.forms import FormSchema, TextField
from idp.grants.models import Extent, Level, Relation
from idp.invitations.schemas import DayField, GuestNameField, PersonTaxIdField
from idp.mandates.fields import ChoiceField


class Role(StrEnum):
    """What a new contact shall be."""

    FULL = "full"
    READ_ONLY = "read_only"
    REPRESENTATIVE = "representative"  # shown with documents, as the next
    MANAGER = "manager"


class RoleSchema(FormSchema):
    """`/account/contacts/new`: what the person shall be, and for whom where there are several."""

    holder = TextField(required=False)
    role = ChoiceField(Role)


class PersonSchema(FormSchema):
    """Who is added."""

    guest_name = GuestNameField()
    guest_tax_id = PersonTaxIdField()
    guest_email = EmailField()


class ClientsSchema(FormSchema):
    """Which clients of those `listed` on the page are ticked."""

    clients = ChoicesField()
    listed = ChoicesField()


class InstallationsSchema(FormSchema):
    """Which installations of those `listed` on the page are ticked."""

    installations = ChoicesField()
    listed = ChoicesField()


class AccessSchema(FormSchema):
    """What a collaborator may do, on what and until when."""

    relation = ChoiceField((Relation.COLLABORATOR, Relation.MANAGER), required=False)
    level = ChoiceField(Level)
    extent = ChoiceField(Extent, required=False)
    ends_on = DayField(required=False)


class CheckSchema(FormSchema):
    """The last page: the terms, and what the page showed."""

    accept_permission_terms = TextField(
        missing_text=lazy_gettext("Accept the terms of access permission to send the invitation.")
    )
    seen = TextField(required=False)


class CountSchema(FormSchema):
    """A confirmation that names a number."""

    count = TextField(required=False)
