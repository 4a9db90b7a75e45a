"""The contacts of a holder: everybody who may act, as what, and how that stands."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.contacts import lookup
from idp.contacts.blueprint import blueprint
from idp.contacts.lookup import Book
from idp.contacts.views.steps import standing_asked
from idp.grants import chain, ledger, rules
from idp.pages.paging import Paging

AWAITING_SHOWN = 10


@blueprint.get("/account/contacts")
@sign_in_required
def index() -> ResponseReturnValue:
    """Of whom, where there are several; then all of them, page by page."""
    books = lookup.books_of(current_account(), clock.now())
    if not books:
        return render_template("contacts/nobody.html")
    key = request.args.get("holder", "")
    if not key and len(books) > 1:
        return render_template("contacts/holders.html", books=books)
    book = lookup.get_book(books, key) if key else books[0]
    return _page(book, books)


def _page(book: Book, books: list[Book]) -> str:
    at, typed, standing = clock.now(), request.args.get("q", ""), standing_asked()
    query = lookup.matching(book.holder.tax_id, standing=standing, typed=typed, at=at)
    paging = Paging.of_request(ledger.count_of(query))
    grants = ledger.grants_of(query, offset=paging.offset, limit=paging.per_page)
    links = chain.links_of_each(grants)
    return render_template(
        "contacts/book.html",
        book=book,
        books=books,
        typed=typed,
        standing=standing,
        paging=paging,
        grants=grants,
        state_of=lambda grant: rules.shown_state(links[grant.id], at),
        awaiting=lookup.awaiting(book.holder.tax_id, at=at, limit=AWAITING_SHOWN),
        account=current_account(),
    )
