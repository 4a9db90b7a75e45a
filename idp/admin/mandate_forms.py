"""What staff are asked for when they open a case, read documents and decide."""

from flask_babel import lazy_gettext as _

from idp.admin.forms import MAXIMUM_REASON, ReasonSchema
from idp.fields import EmailField, FilesField, PhoneField
from idp.forms import FormSchema, TextField
from idp.grants.models import Level
from idp.invitations.schemas import DayField, PersonTaxIdField
from idp.mandates.fields import (
    ChoiceField,
    CompanyTaxIdField,
    PartyNameField,
    PartyTaxIdField,
)
from idp.mandates.models import Channel, Refusal


class CaseSchema(ReasonSchema):
    """/admin/mandates/new"""

    channel = ChoiceField((Channel.PHONE, Channel.DESK))
    caller_name = PartyNameField(_("Enter the name of the person you speak to."))
    caller_phone = PhoneField()
    caller_relation = TextField(missing_text=_("Enter what the person is to the company."))
    company_tax_id = CompanyTaxIdField()
    tax_id_country = TextField(required=False)
    company_name = PartyNameField(_("Enter the company's name."))
    nominee_name = PartyNameField(_("Enter the person's full name."))
    nominee_tax_id = PersonTaxIdField()
    nominee_email = EmailField()
    documents = FilesField(required=False)
    seen_at_desk = TextField(required=False, maximum=MAXIMUM_REASON)


class ReadingSchema(FormSchema):
    """/admin/mandates/<id>/reading, for a representative."""

    company_tax_id = PartyTaxIdField()
    tax_id_country = TextField(required=False)
    company_name = PartyNameField(_("Enter the name."))
    nominee_name = PartyNameField(_("Enter the person's full name."))
    nominee_tax_id = PersonTaxIdField()


class ManagerReadingSchema(ReadingSchema):
    """The same for an external manager."""

    level = ChoiceField(Level)
    ends_on = DayField(required=False)


class ApprovalSchema(FormSchema):
    """/admin/mandates/<id>/comparison"""

    identity_seen = TextField(required=False)
    remark = TextField(required=False, maximum=MAXIMUM_REASON)


class RefusalSchema(FormSchema):
    """/admin/mandates/<id>/refusal"""

    refusal = ChoiceField(Refusal)
    text = TextField(
        maximum=MAXIMUM_REASON,
        missing_text=_("Write to the applicant what is wrong and what to do."),
    )
