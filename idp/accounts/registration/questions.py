"""Every field that a registration form may have: how it is asked, and how the answer is read.

A market's profile says which of them its forms have (`config.market.FIELDS`); nothing here knows a
market. What was typed with dots, dashes or blanks is taken as it is: no field has a maximum length.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from idp.accounts import tax_id_words
from idp.accounts.fields import AnyTaxIdField, NameField
from idp.accounts.passwords import wording as passwords
from idp.accounts.passwords.fields import NewPasswordField
from idp.accounts.registration.agency_questions import AGENCY
from idp.accounts.registration.asking import Question, fact, person, when_shown
from idp.accounts.registration.fields import (
    AMOUNT,
    BANK_DIGITS,
    NO,
    YES,
    OneOfField,
    PatternField,
)
from idp.fields import EmailField, PhoneField
from idp.forms import TextField

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
        person(_("Enter your first name.")),
        autocomplete="given-name",
        width="medium",
    ),
    "family_name": Question(
        _("Last name"),
        person(_("Enter your last name.")),
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
        fact(_("Enter the code of one of your installations.")),
        _(
            "Any code from one of your bills: it shows us that you are the holder. Without it you "
            "can still receive access from others, and add a code later."
        ),
        width="medium",
    ),
    "contract_number": Question(
        _("Contract number"),
        fact(_("Enter the contract number.")),
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
        width="short",
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
        width="short",
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
