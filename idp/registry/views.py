"""`/account/proof`: show that the installations of one's tax id are one's own."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp.accounts.models import Assurance
from idp.accounts.refusals import shown_again
from idp.accounts.registration import proving
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form
from idp.registry.proofs.schemas import ProofSchema
from idp.registry.proofs.services import record_proof

blueprint = Blueprint("registry", __name__)

TEMPLATE = "registry/prove.html"


@blueprint.get("/account/proof")
@sign_in_required
def prove() -> ResponseReturnValue:
    """Ask for a fact of a contract; afterwards, say that it was right."""
    if current_account().assurance is not Assurance.DECLARED:
        return render_template("registry/proven.html")
    return render_template(TEMPLATE, form=Form(), proofs=_proofs())


@blueprint.post("/account/proof")
@sign_in_required
def submit_proof() -> ResponseReturnValue:
    """Compare what was typed with what we know, a limited number of times."""
    form, proofs = Form(), _proofs()
    data = form.load(ProofSchema(only=proofs))
    if data is None:
        return shown_again(TEMPLATE, form, proofs=proofs)
    typed = {name: data[name] for name in proofs if data[name]}
    try:
        proven = _attempt(typed)
    except TooManyAttempts as error:
        error.field = next(iter(typed))
        return shown_again(TEMPLATE, form, error, proofs=proofs)
    if not proven:
        form.errors[next(iter(typed))] = _(
            "This is not what we have on record for you. Compare it with your bill or contract."
        )
        return shown_again(TEMPLATE, form, proofs=proofs)
    return redirect(url_for("registry.prove"), HTTPStatus.SEE_OTHER)


def _proofs() -> tuple[str, ...]:
    """The names of the facts that this market takes."""
    taken: tuple[str, ...] = current_app.config["PROFILE"].proofs
    return taken


def _attempt(typed: Mapping[str, str]) -> bool:
    """The limits count on a connection of their own, so none is held meanwhile."""
    with transaction():
        account = current_account()
    found = proving.assurance_of(account.tax_id, typed, is_signed_in=True)
    with transaction():
        return record_proof(account, found, typed=typed)
