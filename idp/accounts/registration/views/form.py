"""Register: the market's form, on one page or several; then the page that says where to look."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, i18n
from idp.accounts import limits, passwords
from idp.accounts.blueprint import blueprint
from idp.accounts.pace import paced
from idp.accounts.passwords import policy
from idp.accounts.refusals import shown_again
from idp.accounts.registration import drafts, filling, prefilling, schemas, services
from idp.accounts.registration.drafts import Answers
from idp.accounts.registration.views import sheets
from idp.accounts.registration.views.sheets import TEMPLATE, Sheet
from idp.errors import DomainError, NotFound
from idp.extensions import transaction
from idp.forms import SECRET_FIELDS, Form

STEPS = frozenset("123456789")  # as an address names them


@blueprint.get("/register")
def register() -> ResponseReturnValue:
    """The first page; an invitation may have filled in name and address."""
    usual = sheets.profile().registration[0].kind
    kind = request.args.get("kind") or usual
    if sheets.profile().form_of(kind) is None:
        return redirect(url_for("accounts.register", next=sheets.next_path() or None))
    answers = drafts.find(kind, at=clock.now())
    form = Form({**prefilling.prefilled(), **(answers.typed if answers else {})})
    return sheets.rendered(sheets.sheet_of(kind, 1), form, answers)


@blueprint.post("/register")
@paced
def submit_registration() -> ResponseReturnValue:
    """The first page, which may be the only one; the answer never tells who is known."""
    usual = sheets.profile().registration[0].kind
    try:
        sheet = sheets.sheet_of(request.form.get("kind") or usual, 1)
    except NotFound:
        form = Form(request.form.to_dict())
        form.errors[""] = _("Choose one of the answers.")
        sheet = sheets.sheet_of(usual, 1)
        return shown_again(TEMPLATE, form, **sheets.context_of(sheet, None))
    with transaction():  # no connection is held while a password is hashed
        answers = drafts.find(sheet.market.kind, at=clock.now())
    return _submit(sheet, answers or Answers(sheet.market.kind, sheets.next_path()))


@blueprint.get("/register/steps/<step>")
def registration_step(step: str) -> ResponseReturnValue:
    """A later page, once those before it are answered."""
    answers = _answers()
    if answers is None:
        return _to_the_beginning()
    sheet = sheets.sheet_of(answers.kind, int(step) if step in STEPS else 0)
    missing = filling.first_unanswered(sheet.market, answers, sheet.number)
    if sheet.number == 1 or missing:
        first = sheets.sheet_of(answers.kind, missing or 1)
        return redirect(sheets.address_of(first), HTTPStatus.SEE_OTHER)
    return sheets.rendered(sheet, Form(answers.typed), answers)


@blueprint.post("/register/steps/<step>")
@paced
def submit_step(step: str) -> ResponseReturnValue:
    """A later page; the last one sends the form."""
    with transaction():
        answers = _answers()
    if answers is None:
        return _to_the_beginning()
    sheet = sheets.sheet_of(answers.kind, int(step) if step in STEPS else 0)
    missing = filling.first_unanswered(sheet.market, answers, sheet.number)
    if missing:
        first = sheets.sheet_of(answers.kind, missing)
        return redirect(sheets.address_of(first), HTTPStatus.SEE_OTHER)
    return _submit(sheet, answers)


@blueprint.get("/register/sent")
def registration_sent() -> ResponseReturnValue:
    """Look into the inbox."""
    return render_template("accounts/registration/registration_sent.html")


def _submit(sheet: Sheet, answers: Answers) -> ResponseReturnValue:
    form = Form()
    is_kept = bool(answers.password_hash) and not request.form.get("password")
    names = filling.without_password(sheet.names) if is_kept else sheet.names
    data = form.load(schemas.schema_of(sheet.market, names))
    if data is None:
        return shown_again(TEMPLATE, form, **sheets.context_of(sheet, answers))
    try:
        if sheet.is_last:
            return _send(sheet, answers, form, data)
        return _go_on(sheet, answers, form, data)
    except DomainError as error:
        return shown_again(TEMPLATE, form, error, **sheets.context_of(sheet, answers))


def _go_on(sheet: Sheet, answers: Answers, form: Form, data: dict[str, Any]) -> ResponseReturnValue:
    """Keep what was typed, and show the next page."""
    limits.page()
    known = {**filling.read(sheet.market, answers, sheet.number), **data}
    password_hash = _hash_if_typed(known)
    at = clock.now()
    with transaction():
        row = drafts.find_row(at=at, lock=True)
        now = drafts.read(row)
        if row is None or now is None or now.kind != answers.kind:
            drafts.begin(answers.with_page(_typed(sheet, form), password_hash), at=at)
        else:
            drafts.write(row, now.with_page(_typed(sheet, form), password_hash), at=at)
    following = sheets.sheet_of(answers.kind, sheet.number + 1)
    return redirect(sheets.address_of(following), HTTPStatus.SEE_OTHER)


def _send(sheet: Sheet, answers: Answers, form: Form, data: dict[str, Any]) -> ResponseReturnValue:
    """Keep the form and write to the applicant."""
    answers = answers.with_page(_typed(sheet, form), "")
    known = {**filling.read(sheet.market, answers, sheet.number), **data}
    limits.mail(tax_id=known["tax_id"], email=known["email"])
    applicant = filling.applicant_of(
        sheet.market,
        known,
        password_hash=_hash_if_typed(known) or answers.password_hash,
        locale=i18n.negotiate(),
        return_to=answers.return_to,
    )
    at = clock.now()
    with transaction():
        if sheet.total == 1 or _settled(at):
            services.register(applicant, at=at)
    return redirect(url_for("accounts.registration_sent"), HTTPStatus.SEE_OTHER)


def _settled(at: datetime) -> bool:
    """Whether this browser's draft was sent just now: of two clicks one sends it."""
    row = drafts.find_row(at=at, lock=True)
    if row is None or row.sealed is None:
        return False
    drafts.settle(row)
    return True


def _hash_if_typed(known: dict[str, Any]) -> str:
    """The hash of a new password, if one was typed; raises a `PasswordRefused`.

    No connection to the database is held meanwhile.
    """
    if not known.get("password"):
        return ""
    policy.check(
        known["password"],
        tax_id=known.get("tax_id"),
        email=known.get("email", ""),
        name=filling.name_of(known),
        has_factor=False,
    )
    return passwords.hash_password(known["password"])


def _typed(sheet: Sheet, form: Form) -> dict[str, str]:
    """What was typed on this page, secrets aside."""
    names = [*sheet.names, *(["tax_id_country"] if "tax_id" in sheet.names else [])]
    return {name: form.values.get(name, "") for name in names if name not in SECRET_FIELDS}


def _answers() -> Answers | None:
    """What this browser answered so far, in a form that the market has."""
    answers = drafts.read(drafts.find_row(at=clock.now()))
    return answers if answers and sheets.profile().form_of(answers.kind) else None


def _to_the_beginning() -> ResponseReturnValue:
    """Nothing is kept: it was sent, or its time is over."""
    if drafts.find_row(at=clock.now()) is not None:
        return redirect(url_for("accounts.registration_sent"), HTTPStatus.SEE_OTHER)
    return redirect(url_for("accounts.register", late=1), HTTPStatus.SEE_OTHER)
