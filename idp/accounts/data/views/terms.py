"""The texts that I accepted, as they were."""

from flask import render_template
from flask.typing import ResponseReturnValue

from idp import terms
from idp.accounts import sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.data.labels import TERMS
from idp.accounts.sessions import sign_in_required
from idp.errors import NotFound
from idp.pages.paging import Paging

DIGITS = 18  # a bigint has 19


@blueprint.get("/account/terms")
@sign_in_required
def accepted_terms() -> ResponseReturnValue:
    """Which, when, in which version and language."""
    account = sessions.current_account()
    paging = Paging.of_request(terms.count_accepted_by(account.public_id))
    return render_template(
        "accounts/data/terms.html",
        accepted=terms.accepted_by(account.public_id, offset=paging.offset, limit=paging.per_page),
        paging=paging,
        titles=TERMS,
    )


@blueprint.get("/account/terms/<number>")
@sign_in_required
def accepted_text(number: str) -> ResponseReturnValue:
    """One of them, as it was read then; somebody else's is not found."""
    if not (number.isascii() and number.isdigit() and len(number) <= DIGITS):
        raise NotFound
    acceptance = terms.find_accepted(int(number), account=sessions.current_account().public_id)
    if acceptance is None:
        raise NotFound
    return render_template(
        "accounts/data/accepted_text.html",
        acceptance=acceptance,
        text=terms.text_as_accepted(acceptance),
        title=TERMS[acceptance.terms],
    )
