"""`/account/proof`: show that the installations of one's tax id are one's own."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from idp.accounts import limits
from idp.accounts.models import Assurance
from idp.accounts.refusals import shown_again
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form, FormSchema, TextField
from idp.registry.proofs import MAXIMUM_CODE, raise_assurance

blueprint = Blueprint("registry", __name__)

TEMPLATE = "registry/prove.html"


class ProofSchema(FormSchema):
    """`/account/proof`."""

    installation_code = TextField(
        maximum=MAXIMUM_CODE,
        missing_text=lazy_gettext("Enter the code of one of your installations."),
    )


@blueprint.get("/account/proof")
@sign_in_required
def prove() -> ResponseReturnValue:
    """Ask for the code of an installation; afterwards, say that it was right."""
    if current_account().assurance is not Assurance.DECLARED:
        return render_template("registry/proven.html")
    return render_template(TEMPLATE, form=Form())


@blueprint.post("/account/proof")
@sign_in_required
def submit_proof() -> ResponseReturnValue:
    """Compare the code with the registry, a limited number of times."""
    form = Form()
    data = form.load(ProofSchema())
    if data is None:
        return shown_again(TEMPLATE, form)
    try:
        proven = _attempt(data["installation_code"])
    except TooManyAttempts as error:
        error.field = "installation_code"
        return shown_again(TEMPLATE, form, error)
    if not proven:
        form.errors["installation_code"] = _(
            "We find no installation with this code in your name. Compare it with your bill."
        )
        return shown_again(TEMPLATE, form)
    return redirect(url_for("registry.prove"), HTTPStatus.SEE_OTHER)


def _attempt(code: str) -> bool:
    """The limits count on a connection of their own, so none is held meanwhile."""
    with transaction():
        account = current_account()
    limits.proof(account.tax_id)
    with transaction():
        return raise_assurance(account, code=code)
