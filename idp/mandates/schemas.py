"""The hosted forms, field by field, in the order of the page; the names are a contract."""

from flask_babel import lazy_gettext as _

from idp.fields import EmailField, FilesField
from idp.forms import FormSchema, TextField
from idp.grants.models import Level
from idp.invitations.schemas import DayField, PersonTaxIdField
from idp.mandates.fields import ChoiceField, CompanyTaxIdField, PartyNameField


class CompanySchema(FormSchema):
    """`/account/companies/new`: which company the person acts for."""

    company_tax_id = CompanyTaxIdField()
    tax_id_country = TextField(required=False)
    company_name = PartyNameField(_("Enter the company's name."))


class NomineeSchema(FormSchema):
    """Who shall represent, and which company where there are several."""

    holder = TextField(required=False)
    nominee_name = PartyNameField(_("Enter the person's full name."))
    nominee_tax_id = PersonTaxIdField()
    nominee_email = EmailField()


class ManagerSchema(NomineeSchema):
    """`/account/contacts/managers/new`: who shall manage, how far and until when."""

    level = ChoiceField(Level)
    ends_on = DayField(required=False)


class DocumentsSchema(FormSchema):
    """What is attached; nothing keeps what was attached before."""

    documents = FilesField(required=False)


class CheckSchema(FormSchema):
    """The last page before sending; `seen` says which answers it showed."""

    seen = TextField(required=False)
    truth = TextField(missing_text=_("Confirm that what you say is true to go on."))
