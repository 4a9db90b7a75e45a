"""Sign in and out."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts import limits, passwords, return_to, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.lookup import find_credentials
from idp.accounts.refusals import shown_again
from idp.accounts.sign_in import page, services
from idp.accounts.sign_in.schemas import SignInSchema
from idp.audit import Event, record
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form
from idp.taxids import TaxId

TEMPLATE = "accounts/sign_in/page.html"
SCHEMA = SignInSchema()  # made once: this is the page that costs the most


@blueprint.get("/login")
def sign_in() -> ResponseReturnValue:
    """Ask for tax id and password; whoever is signed in goes on, unless asked for `again=1`."""
    account = sessions.find_account()
    if account is not None and request.args.get("again") != "1":
        return redirect(_next(), HTTPStatus.SEE_OTHER)
    context = _context()
    hint = context.pop("identifier", "") or (account.tax_id.formatted if account else "")
    return render_template(TEMPLATE, form=Form({"identifier": str(hint)}), **context)


@blueprint.post("/login")
def submit_sign_in() -> ResponseReturnValue:
    """Start a session and go on to `next`; every failure answers alike."""
    form = Form()
    data = form.load(SCHEMA)
    if data is None:
        return shown_again(TEMPLATE, form, **_context())
    try:
        signed_in = _attempt(data["identifier"], data["password"])
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, form, error, **_context())
    if not signed_in:
        form.errors[""] = _("The tax id or the password is not right.")
        return shown_again(TEMPLATE, form, **_context())
    return redirect(_next(), HTTPStatus.SEE_OTHER)


def _attempt(tax_id: TaxId, password: str) -> bool:
    """One transaction around the verification: it locks nothing until the password is known."""
    limits.sign_in(tax_id)
    with transaction():
        account = find_credentials(tax_id)
        matches = passwords.verify(account.password_hash if account else None, password)
        signed_in = services.settle(account, password=password, matches=matches, at=clock.now())
    if signed_in:
        limits.forgive_sign_in(tax_id)
    return signed_in


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's session; pressing the button twice does no harm."""
    found = sessions.find_session()
    if found is not None:
        with transaction():
            sessions.end(found, at=clock.now())
            record(
                Event.SESSION_ENDED,
                by=found.account.actor,
                account=found.account.public_id,
                session=found.public_id,
            )
    return redirect(url_for("accounts.signed_out"), HTTPStatus.SEE_OTHER)


@blueprint.get("/signed-out")
def signed_out() -> ResponseReturnValue:
    """Say so."""
    return render_template("accounts/sign_in/signed_out.html")


def _next() -> str:
    return return_to.safe(request.args.get("next"))


def _context() -> dict[str, Any]:
    next_path = return_to.known(request.args.get("next"))
    return {"next": next_path, **page.additions(next_path)}
