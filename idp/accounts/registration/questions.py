"""Every field that a registration form may have: how it is asked, and how the answer is read.

A market's profile says which of them its forms have (`config.market.FIELDS`); nothing here knows a
market. What was typed with dots, dashes or blanks is taken as it is: no field has a maximum length.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from marshmallow import fields

from idp.accounts import tax_id_words
from idp.accounts.fields import AnyTaxIdField, NameField
from idp.accounts.passwords import wording as passwords
from idp.accounts.passwords.fields import NewPasswordField
from idp.accounts.registration.fields import (
    AMOUNT,
    BANK_DIGITS,
    LICENCE,
    NO,
    POSTAL_CODE,
    STATE_CODES,
    YES,
    LineField,
    OneOfField,
    PatternField,
    PostalCodeField,
)
from idp.accounts.registration.places import STATES
from idp.fields import EmailField, PhoneField
from idp.forms import TextField

Field = fields.Field[Any]


def when_shown(text: Callable[[], str]) -> LazyString:
    """A text that depends on the market: made when a page shows it."""
    return LazyString(text)  # type: ignore[no-untyped-call]


MAXIMUM_FACT = 64


@dataclass(frozen=True, slots=True)
class Question:
    """How one field is asked. `control` is a macro of `registration/_questions.html`; `options` are
    those of radios and selects, as (value, label)."""

    label: LazyString
    read: Callable[[bool], Field]  # given whether it has to be answered
    hint: LazyString | str = ""
    control: str = "text"
    type: str = "text"
    autocomplete: LazyString | str = "off"
    inputmode: str = ""
    width: str = ""
    options: tuple[tuple[str, LazyString | str], ...] = ()

    @property
    def choices(self) -> list[tuple[str, LazyString | str, str]]:
        """The options as the radios macro takes them."""
        return [(value, label, "") for value, label in self.options]


def _line(missing_text: LazyString) -> Callable[[bool], Field]:
    return lambda required: LineField(missing_text, required=required)


def _fact(missing_text: LazyString) -> Callable[[bool], Field]:
    return lambda required: TextField(
        required=required, maximum=MAXIMUM_FACT, missing_text=missing_text
    )


PERSON: Mapping[str, Question] = {
    "tax_id": Question(
        when_shown(tax_id_words.label),
        lambda _required: AnyTaxIdField(),
        when_shown(tax_id_words.hint),
        control="tax_id",
        autocomplete=when_shown(tax_id_words.autocomplete),
        width="medium",
    ),
    "name": Question(
        _("Full name"),
        lambda required: NameField(required=required),
        _("As it is written on your document"),
        autocomplete="name",
    ),
    "given_name": Question(
        _("First name"),
        lambda required: NameField(required=required),
        autocomplete="given-name",
        width="medium",
    ),
    "family_name": Question(
        _("Last name"),
        lambda required: NameField(required=required),
        autocomplete="family-name",
        width="medium",
    ),
    "email": Question(
        _("E-mail address"),
        lambda _required: EmailField(),
        when_shown(tax_id_words.email_hint),
        type="email",
        autocomplete="email",
        inputmode="email",
    ),
    "mobile": Question(
        _("Mobile number"),
        lambda required: PhoneField(required=required),
        _("With the area code"),
        type="tel",
        autocomplete="tel",
        inputmode="tel",
        width="medium",
    ),
    "landline": Question(
        _("Landline"),
        lambda required: PhoneField(required=required),
        _("With the area code"),
        type="tel",
        autocomplete="home tel",
        inputmode="tel",
        width="medium",
    ),
    "password": Question(
        _("Choose a password"),
        lambda _required: NewPasswordField(),
        when_shown(passwords.hint),
        control="password",
        autocomplete="new-password",
    ),
}
AGENCY: Mapping[str, Question] = {
    "trade_name": Question(
        _("Company name"),
        _line(_("Enter the company's name.")),
        _("As it is registered"),
        autocomplete="organization",
    ),
    "responsible": Question(
        _("Person responsible"),
        lambda required: NameField(required=required),
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
        width="narrow",
    ),
    "state": Question(
        _("State"),
        lambda required: OneOfField(STATE_CODES, _("Choose the state."), required=required),
        control="select",
        autocomplete="address-level1",
        options=STATES,
    ),
    "city": Question(
        _("City"), _line(_("Enter the city.")), autocomplete="address-level2", width="medium"
    ),
    "district": Question(
        _("District"),
        _line(_("Enter the district.")),
        autocomplete="address-level3",
        width="medium",
    ),
    "street": Question(_("Street"), _line(_("Enter the street.")), autocomplete="address-line1"),
    "number": Question(
        _("Number"),
        _line(_("Enter the number. If the house has none, write S/N.")),
        autocomplete="off",
        width="narrow",
    ),
    "complement": Question(
        _("Complement"),
        _line(_("Enter the complement.")),
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
CONTRACT: Mapping[str, Question] = {
    "is_customer": Question(
        _("Are you our customer?"),
        lambda required: OneOfField((YES, NO), _("Choose yes or no."), required=required),
        _("Answer yes if you have a running contract with us"),
        control="radios",
        options=((YES, _("Yes")), (NO, _("No"))),
    ),
    "installation_code": Question(
        _("Installation code"),
        _fact(_("Enter the code of one of your installations.")),
        _(
            "Any code from one of your bills: it shows us that you are the holder. Without it you "
            "can still receive access from others, and add a code later."
        ),
        width="medium",
    ),
    "contract_number": Question(
        _("Contract number"),
        _fact(_("Enter the contract number.")),
        _("You find it on your monthly bill and on your contract"),
        width="medium",
    ),
    "bank_digits": Question(
        _("Last four digits of the bank account"),
        lambda required: PatternField(
            BANK_DIGITS,
            _("Enter the last four digits of the bank account."),
            _("Enter four digits."),
            required=required,
        ),
        _("Of the account from which your bills are paid"),
        inputmode="numeric",
        width="narrow",
    ),
    "invoice_total": Question(
        _("Total of a bill"),
        lambda required: PatternField(
            AMOUNT,
            _("Enter the total of a bill."),
            _("Enter an amount such as 45.67."),
            required=required,
        ),
        _("If you don't pay by direct debit: the total of one of the last three bills you paid"),
        inputmode="decimal",
        width="narrow",
    ),
}
TERMS: Mapping[str, Question] = {
    "accept_terms": Question(
        _("Terms of use"),
        lambda _required: TextField(
            missing_text=_("You can only open an account if you accept the terms of use.")
        ),
        control="terms",
    ),
    # Asked with the statement that a form may end with; no field of a profile.
    "accept_statement": Question(
        _("I have read this statement and accept it"),
        lambda _required: TextField(
            missing_text=_("You can only register as an agency if you accept the statement.")
        ),
        control="checkbox",
    ),
}
QUESTIONS: Mapping[str, Question] = {**PERSON, **AGENCY, **CONTRACT, **TERMS}
