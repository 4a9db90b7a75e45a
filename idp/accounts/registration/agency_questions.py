"""What a real-estate agency says of itself, field by field.

Its council and its address are those of Brazil: the CRECI is, whoever asks for it.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from idp.accounts.registration.asking import Question, line, person
from idp.accounts.registration.fields import (
    LICENCE,
    POSTAL_CODE,
    STATE_CODES,
    OneOfField,
    PatternField,
    PostalCodeField,
)
from idp.accounts.registration.places import STATES

AGENCY: Mapping[str, Question] = {
    "trade_name": Question(
        _("Company name"),
        line(_("Enter the company's name.")),
        _("As it is registered"),
        autocomplete="organization",
    ),
    "responsible": Question(
        _("Person responsible"),
        person(_("Enter the name of the person responsible.")),
        _("The broker who answers for the agency"),
    ),
    "postal_code": Question(
        _("Postal code (CEP)"),
        lambda required: PostalCodeField(
            POSTAL_CODE,
            _("Enter the postal code."),
            _("Enter the eight digits of the postal code, such as 01310-100."),
            required=required,
        ),
        _("Eight digits, such as 01310-100"),
        autocomplete="postal-code",
        inputmode="numeric",
        width="short",
    ),
    "state": Question(
        _("State of Brazil"),
        lambda required: OneOfField(STATE_CODES, _("Choose the state."), required=required),
        control="select",
        autocomplete="address-level1",
        options=STATES,
    ),
    "city": Question(
        _("City"), line(_("Enter the city.")), autocomplete="address-level2", width="medium"
    ),
    "district": Question(
        _("District"),
        line(_("Enter the district.")),
        autocomplete="address-level3",
        width="medium",
    ),
    "street": Question(_("Street"), line(_("Enter the street.")), autocomplete="address-line1"),
    "number": Question(
        _("Number"),
        line(_("Enter the number. If the house has none, write S/N.")),
        autocomplete="off",
        width="short",
    ),
    "complement": Question(
        _("Complement"),
        line(_("Enter the complement.")),
        _("Such as floor, room or block"),
        autocomplete="address-line2",
        width="medium",
    ),
    "creci": Question(
        _("CRECI number"),
        lambda required: PatternField(
            LICENCE,
            _("Enter the CRECI number."),
            _("Enter the CRECI number as it is on your licence, such as 12345-J."),
            required=required,
        ),
        _("As the regional council of brokers has it. We compare it with the council's register."),
        width="medium",
    ),
}
