"""One page of a market's form: what it asks, and how it is shown."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from config.market import PROOFS, Profile, RegistrationForm
from idp import i18n, terms
from idp.accounts import return_to
from idp.accounts.registration import prefilling, schemas
from idp.accounts.registration.asking import Question
from idp.accounts.registration.drafts import Answers
from idp.accounts.registration.questions import QUESTIONS
from idp.errors import NotFound
from idp.forms import Form
from idp.terms import Terms
from idp.terms.texts import Text

TEMPLATE = "accounts/registration/register.html"
ABOUT_CONTRACTS = ("is_customer", *PROOFS)
FIRST = _("Create an account")
# By the first field of a page.
HEADINGS: dict[str, LazyString] = {
    **dict.fromkeys(("name", "given_name", "email"), _("Your contact data")),
    **dict.fromkeys(("trade_name", "responsible", "creci"), _("Your agency")),
    "postal_code": _("Your address"),
    "password": _("Choose a password"),
    "accept_statement": _("Statement of responsibility"),
    "accept_terms": _("Terms of use"),
}
KINDS: dict[str, LazyString] = {
    "customer": _("Customer"),
    "agency": _("Real-estate agency"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Page `number` (from 1) of the form of one kind."""

    market: RegistrationForm
    number: int

    @property
    def names(self) -> tuple[str, ...]:
        """Its fields."""
        return schemas.pages_of(self.market)[self.number - 1]

    @property
    def total(self) -> int:
        """How many pages the form has."""
        return len(self.market.steps)

    @property
    def is_last(self) -> bool:
        """Whether the form is sent from here."""
        return self.number == self.total

    @property
    def questions(self) -> list[tuple[str, Question]]:
        """What it asks, in order."""
        return [(name, QUESTIONS[name]) for name in self.names]

    @property
    def optional(self) -> frozenset[str]:
        """The fields that are marked as optional."""
        return schemas.shown_as_optional(self.market)

    @property
    def heading(self) -> LazyString:
        """What the page is about."""
        return FIRST if self.number == 1 else HEADINGS.get(self.names[0], FIRST)

    @property
    def statement(self) -> Text | None:
        """The text that is read on this page."""
        if not (self.is_last and self.market.statement):
            return None
        return terms.current_text(Terms(self.market.statement), i18n.negotiate())

    def before(self) -> str:
        """The address of the page before, or of the sign-in page."""
        if self.number == 1:
            return url_for("accounts.sign_in", next=next_path() or None)
        return address_of(Sheet(self.market, self.number - 1))


def address_of(sheet: Sheet) -> str:
    """Where a page of a form lies."""
    if sheet.number > 1:
        return url_for("accounts.registration_step", step=sheet.number)
    return url_for("accounts.register", kind=sheet.market.kind, next=next_path() or None)


def rendered(sheet: Sheet, form: Form, answers: Answers | None) -> str:
    """The page."""
    return render_template(TEMPLATE, form=form, **context_of(sheet, answers))


def context_of(sheet: Sheet, answers: Answers | None) -> dict[str, Any]:
    """What its template asks for, besides the form."""
    return {
        "sheet": sheet,
        "next": next_path(),
        "kinds": [(each.kind, KINDS[each.kind]) for each in profile().registration],
        "has_password": bool(answers and answers.password_hash),
        "is_late": "late" in request.args,
    }


def sheet_of(kind: str, number: int) -> Sheet:
    """Raises `NotFound`: this market has no such form, or the form no such page.

    Somebody who was invited needs no contract of their own to accept (E3): they are not asked.
    """
    market = profile().form_of(kind)
    if market is not None and prefilling.prefilled():
        market = market.without(ABOUT_CONTRACTS)
    if market is None or number not in range(1, len(market.steps) + 1):
        raise NotFound
    return Sheet(market, number)


def profile() -> Profile:
    """The market's."""
    found: Profile = current_app.config["PROFILE"]
    return found


def next_path() -> str:
    """Where to go on to in the end: a local path, or empty."""
    return return_to.known(request.args.get("next"))
