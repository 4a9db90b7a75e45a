"""Sign in and out."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, passwords, return_to, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.refusals import shown_again
from idp.accounts.sign_in import identifiers, known_devices, page, services, wording
from idp.accounts.sign_in.identifiers import Identifier
from idp.accounts.sign_in.schemas import SignInSchema
from idp.accounts.sign_in.services import Outcome
from idp.audit import Event, record
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/sign_in/page.html"
SCHEMA = SignInSchema()  # made once: this is the page that costs the most


@blueprint.get("/login")
def sign_in() -> ResponseReturnValue:
    """Ask who it is; whoever is signed in goes on, unless asked for `again=1`."""
    account = sessions.find_account()
    if account is not None and request.args.get("again") != "1":
        return redirect(_next(), HTTPStatus.SEE_OTHER)
    context = _context()
    hint = context.pop("identifier", "") or (identifiers.name_of(account) if account else "")
    return render_template(TEMPLATE, form=Form({"identifier": str(hint)}), **context)


@blueprint.post("/login")
def submit_sign_in() -> ResponseReturnValue:
    """Start a session and go on to `next`, or ask for the second factor first; every failure
    answers alike."""
    form = Form()
    data = form.load(SCHEMA)
    if data is None:
        is_refused = identifiers.is_refused(form.values.get("identifier", ""))
        return shown_again(TEMPLATE, form, is_refused=is_refused, **_context())
    try:
        outcome = _attempt(data["identifier"], data["password"])
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, form, error, **_context())
    if outcome is Outcome.REFUSED:
        form.errors[""] = wording.failure()
        return shown_again(TEMPLATE, form, **_context())
    if outcome is Outcome.WAITS_FOR_FACTOR:
        return redirect(url_for("accounts.factor", next=_known_next()), HTTPStatus.SEE_OTHER)
    return redirect(_next(), HTTPStatus.SEE_OTHER)


def _attempt(identifier: Identifier, password: str) -> Outcome:
    """One transaction around the verification: it locks nothing until the password is known."""
    device = _known_device(identifier)
    limits.sign_in(identifier, device=device)
    with transaction():
        account = identifiers.find(identifier)
        matches = passwords.verify(account.password_hash if account else None, password)
        outcome = services.settle(account, password=password, matches=matches, at=clock.now())
    if outcome is not Outcome.REFUSED:
        limits.forgive_sign_in(identifier, device=device)
    return outcome


def _known_device(identifier: Identifier) -> bytes | None:
    """This browser, if whoever it is signed in here before; its connection is given back before
    the tries are counted on another."""
    with transaction():
        is_known = known_devices.is_known(identifiers.names(identifier))
    return known_devices.this_device() if is_known else None


@blueprint.get("/help/representatives")
def representatives() -> ResponseReturnValue:
    """How a company's people get in, where a company's tax id or address does not."""
    return render_template("accounts/sign_in/representatives.html")


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


def _known_next() -> str | None:
    return return_to.known(request.args.get("next")) or None


def _context() -> dict[str, Any]:
    next_path = return_to.known(request.args.get("next"))
    return {"next": next_path, **wording.field(), **page.additions(next_path)}
