"""`/account/kind`: customer or agency, what an agency said of itself, and the way between them."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.market import RegistrationForm
from idp import clock, i18n, terms
from idp.accounts import reauthentication
from idp.accounts.blueprint import blueprint
from idp.accounts.models import AccountKind
from idp.accounts.refusals import shown_again
from idp.accounts.registration import agencies, conversion, schemas
from idp.accounts.registration.agency_questions import AGENCY
from idp.accounts.registration.questions import QUESTIONS
from idp.accounts.registration.views import sheets
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import NotFound
from idp.extensions import transaction
from idp.forms import Form
from idp.terms import Terms

TEMPLATE = "accounts/registration/agency.html"


@blueprint.get("/account/kind")
@sign_in_required
def account_kind() -> ResponseReturnValue:
    """What the account is, and what our staff say of its licence."""
    account = current_account()
    agency = agencies.find(account)
    if agency is None:
        _form_of_agencies()
    return render_template(
        "accounts/registration/kind.html", account=account, agency=agency, kinds=sheets.KINDS
    )


@blueprint.route("/account/kind/agency", methods=["GET", "POST"])
@reauthentication.required
def become_agency() -> ResponseReturnValue:
    """Ask what an agency has to say of itself, and for its statement; or correct what it said."""
    market, account = _form_of_agencies(), current_account()
    names = tuple(name for name in market.fields if name in AGENCY)
    agency = agencies.find(account)
    known = {name: getattr(agency, name) for name in names} if agency else {}
    form = Form(known)
    if request.method == "GET":
        return render_template(TEMPLATE, form=form, **_context(market, names, account.kind))
    data = form.load(schemas.schema_of(market, (*names, "accept_statement")))
    if data is None:
        return shown_again(TEMPLATE, form, **_context(market, names, account.kind))
    with transaction():
        conversion.to_agency(account, data, locale=i18n.negotiate(), at=clock.now())
    return redirect(url_for("accounts.account_kind"), HTTPStatus.SEE_OTHER)


@blueprint.route("/account/kind/customer", methods=["GET", "POST"])
@reauthentication.required
def become_customer() -> ResponseReturnValue:
    """Say what is forgotten, then be a customer alone."""
    account = current_account()
    if account.kind is AccountKind.CUSTOMER:
        return redirect(url_for("accounts.account_kind"), HTTPStatus.SEE_OTHER)
    if request.method == "GET":
        agency = agencies.find(account)
        return render_template("accounts/registration/customer.html", agency=agency)
    with transaction():
        conversion.to_customer(account)
    return redirect(url_for("accounts.account_kind"), HTTPStatus.SEE_OTHER)


def _form_of_agencies() -> RegistrationForm:
    """Raises `NotFound` where the market has no agencies."""
    market = sheets.profile().form_of(AccountKind.AGENCY.value)
    if market is None:
        raise NotFound
    return market


def _context(market: RegistrationForm, names: tuple[str, ...], kind: AccountKind) -> dict[str, Any]:
    return {
        "questions_asked": [(name, QUESTIONS[name]) for name in names],
        "optional": schemas.shown_as_optional(market),
        "statement": terms.current_text(Terms.AGENCY, i18n.negotiate()),
        "is_agency": kind is AccountKind.AGENCY,
    }
