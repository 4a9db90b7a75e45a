"""My requests: where each of them stands, and taking one back."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.extensions import transaction
from idp.forms import Form
from idp.grants import acting
from idp.mandates import drafting, lookup, sending
from idp.mandates.blueprint import blueprint
from idp.mandates.models import RequestState
from idp.pages.paging import Paging


@blueprint.get("/account/requests")
@sign_in_required
def index() -> ResponseReturnValue:
    """All of them, the latest first, and the ways to a new one."""
    account = current_account()
    paging = Paging.of_request(lookup.count_of(account))
    holders = acting.holders_for(account, clock.now())
    return render_template(
        "mandates/index.html",
        account=account,
        requests=lookup.requests_of(account, paging),
        paging=paging,
        acts=bool(holders),
        represents=any(each.tax_id.is_company for each in holders),
    )


@blueprint.get("/account/requests/<public_id>")
@sign_in_required
def show(public_id: str) -> ResponseReturnValue:
    """One request; a draft goes on where it was left."""
    mandate = lookup.get_own(public_id, current_account())
    if mandate.state is RequestState.DRAFT:
        step = "check" if mandate.documents else "documents"
        page = url_for(f"mandates.{step}", public_id=public_id)
        return redirect(page, HTTPStatus.SEE_OTHER)
    return render_template("mandates/show.html", mandate=mandate)


@blueprint.route("/account/requests/<public_id>/withdrawal", methods=["GET", "POST"])
@sign_in_required
def withdraw(public_id: str) -> ResponseReturnValue:
    """Asks before the request is taken back, or a draft forgotten."""
    account = current_account()
    mandate = lookup.get_own(public_id, account)
    if request.method == "POST":
        with transaction():
            locked = lookup.get_locked(public_id, account)
            if locked.state is RequestState.DRAFT:
                drafting.discard(locked)
                return redirect(url_for("mandates.index"), HTTPStatus.SEE_OTHER)
            sending.withdraw(public_id, by=account, at=clock.now())
        return redirect(url_for("mandates.show", public_id=public_id), HTTPStatus.SEE_OTHER)
    if mandate.state not in (RequestState.DRAFT, RequestState.OPEN):
        return redirect(url_for("mandates.show", public_id=public_id), HTTPStatus.SEE_OTHER)
    return render_template("mandates/withdrawal.html", mandate=mandate, form=Form())
