"""Add a contact: what the person shall be, who it is, check, send."""

from http import HTTPStatus

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, i18n
from idp.accounts import reauthentication
from idp.accounts.sessions import current_account, sign_in_required
from idp.contacts import drafts, lookup, services
from idp.contacts.blueprint import blueprint
from idp.contacts.drafts import PERSON
from idp.contacts.errors import DraftIncomplete
from idp.contacts.lookup import Book
from idp.contacts.models import ContactDraft
from idp.contacts.schemas import CheckSchema, PersonSchema, Role, RoleSchema
from idp.contacts.views.steps import open_contact, status_for
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form, cleaned
from idp.grants.holders import ONESELF
from idp.http_errors import status_of
from idp.invitations import services as invitations
from idp.invitations.lookup import find_open_to
from idp.invitations.services import Guest

HOUR = 3600
ELSEWHERE = {
    Role.REPRESENTATIVE: "mandates.add_representative",
    Role.MANAGER: "mandates.add_manager",
}


@blueprint.route("/account/contacts/new", methods=["GET", "POST"])
@sign_in_required
def add() -> ResponseReturnValue:
    """What shall the person be? Documents for some, an invitation for others."""
    return _role_page(None)


@blueprint.route("/account/contacts/new/<draft_id>/role", methods=["GET", "POST"])
@sign_in_required
def role(draft_id: str) -> ResponseReturnValue:
    """The same again, to change it."""
    return _role_page(open_contact(draft_id))


@blueprint.route("/account/contacts/new/<draft_id>/person", methods=["GET", "POST"])
@sign_in_required
def person(draft_id: str) -> ResponseReturnValue:
    """Who is it?"""
    draft = open_contact(draft_id)
    form = Form({name: getattr(draft, name) for name in PERSON})
    if request.method == "POST" and _read_person(form, draft):
        answers = {name: cleaned(name, form.values.get(name, "")) for name in PERSON}
        with transaction():
            drafts.record(open_contact(draft_id, lock=True), **answers)
        return _to("check", draft)
    books = lookup.books_of(current_account(), clock.now())
    name = services.holder_name(draft, books)
    page = render_template("contacts/person.html", form=form, draft=draft, holder_name=name)
    return page, status_for(form)


@blueprint.route("/account/contacts/new/<draft_id>/check", methods=["GET", "POST"])
@reauthentication.required
def check(draft_id: str) -> ResponseReturnValue:
    """Everything once more; then the invitation leaves."""
    draft = open_contact(draft_id)
    if (guest := services.read_guest(draft)) is None:
        return _to("person", draft)
    form = Form()
    if request.method == "POST" and (data := form.load(CheckSchema())) is not None:
        try:
            return _send(draft_id, data["seen"])
        except DomainError as error:
            form.errors[""] = str(error.text)  # what it is about is on another page
            return _check_page(form, open_contact(draft_id), guest), status_of(error)
    return _check_page(form, draft, guest), status_for(form)


def _role_page(draft: ContactDraft | None) -> ResponseReturnValue:
    at = clock.now()
    books = lookup.books_of(current_account(), at)
    if not books:
        return render_template("contacts/nobody.html")
    form = Form(_role_answers(draft, books))
    if request.method == "POST" and (data := form.load(RoleSchema())) is not None:
        book = books[0] if len(books) == 1 else _chosen(books, data["holder"])
        if data["role"] in ELSEWHERE:
            return redirect(url_for(ELSEWHERE[data["role"]]), HTTPStatus.SEE_OTHER)
        if book is not None:
            return _begin(draft, book, data["role"])
        form.errors["holder"] = _("Choose in whose name you are giving access.")
    page = render_template(
        "contacts/role.html",
        form=form,
        draft=draft,
        books=books,
        represents=any(book.key != ONESELF for book in books),
    )
    return page, status_for(form)


def _role_answers(draft: ContactDraft | None, books: list[Book]) -> dict[str, str]:
    if draft is None:
        return {"holder": request.args.get("holder", "")}
    keys = {book.holder.tax_id: book.key for book in books}
    key = keys.get(draft.holder_tax_id, "") if draft.holder_tax_id else ""
    return {"holder": key, "role": draft.level}


def _chosen(books: list[Book], key: str) -> Book | None:
    return next((book for book in books if book.key == key), None)


def _begin(draft: ContactDraft | None, book: Book, chosen: Role) -> ResponseReturnValue:
    with transaction():
        if draft is None:
            draft = drafts.begin(
                current_account(),
                {"level": chosen.value},
                at=clock.now(),
                holder=book.holder.tax_id,
            )
        else:
            draft = open_contact(draft.public_id, lock=True)
            drafts.record(draft, holder_tax_id=book.holder.tax_id, level=chosen.value)
    return _to("person" if services.read_guest(draft) is None else "check", draft)


def _read_person(form: Form, draft: ContactDraft) -> bool:
    """Whether that person can be invited; if not, the form says what is wrong."""
    data = form.load(PersonSchema())
    if data is None:
        return False
    guest = Guest(data["guest_name"], data["guest_tax_id"], data["guest_email"])
    try:
        services.check_contact(guest, draft, by=current_account(), at=clock.now())
    except DomainError as error:
        if error.field is None:
            raise
        form.refuse(error)
    return not form.errors


def _send(draft_id: str, seen: str) -> ResponseReturnValue:
    account = current_account()
    invitations.count_attempt(account)
    with transaction():
        sent = services.send_contact(
            draft_id, by=account, seen_by=seen, locale=i18n.negotiate(), at=clock.now()
        )
    page = url_for("invitations.confirmation", public_id=sent.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)


def _check_page(form: Form, draft: ContactDraft, guest: Guest) -> str:
    account, at, holder = current_account(), clock.now(), draft.holder_tax_id
    books = lookup.books_of(account, at)
    if holder is None:
        raise DraftIncomplete
    return render_template(
        "contacts/check.html",
        form=form,
        draft=draft,
        guest=guest,
        holder_name=services.holder_name(draft, books),
        seen=services.seen(draft),
        contact=lookup.find_contact(guest.tax_id, holder, at),
        already=find_open_to(guest.tax_id, holder=holder, inviter=account, at=at),
        hours=current_app.config["INVITATION_LIFE_SECONDS"] // HOUR,
    )


def _to(step: str, draft: ContactDraft) -> ResponseReturnValue:
    page = url_for(f"contacts.{step}", draft_id=draft.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)
