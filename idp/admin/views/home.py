"""The first page: one field that finds accounts, grants and invitations.

Terms are personal data, so they are posted and stand in no address, log or trail.
"""

from http import HTTPStatus

from flask import render_template
from flask.typing import ResponseReturnValue

from idp.admin import sessions, terms
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.forms import SearchSchema
from idp.admin.rules import Permission
from idp.admin.search import MOST_PAGES, Found
from idp.admin.search import search as find
from idp.audit import Event, record
from idp.extensions import transaction
from idp.forms import Form


@blueprint.get("/", endpoint="home")
@staff_required(Permission.ENTER)
def home() -> ResponseReturnValue:
    """The field, for those who may search; else just the ways on."""
    return render_template("admin/home.html", form=Form(), found=None)


@blueprint.post("/", endpoint="search")
@staff_required(Permission.SEARCH)
def search() -> ResponseReturnValue:
    """What the term leads to; that somebody searched, and by what kind of term, is on record."""
    form = Form()
    data = form.load(SearchSchema())
    if data is None:
        page = render_template("admin/home.html", form=form, found=None)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    term = terms.read(data["term"])
    number = min(max(data["page"], 1), MOST_PAGES)
    with transaction():
        found = find(term, page=number)
        _record_search(term, found)
    return render_template("admin/home.html", form=form, found=found, page_number=number)


def _record_search(term: terms.Term, found: Found) -> None:
    record(
        Event.STAFF_SEARCHED,
        by=sessions.current_member().actor,
        kinds=[kind.value for kind in term.kinds],
        accounts=len(found.accounts),
        grants=len(found.grants),
        invitations=len(found.invitations),
    )
