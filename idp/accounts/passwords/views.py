"""Change my password."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, passwords, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.errors import WrongPassword
from idp.accounts.factors import pending
from idp.accounts.models import Account, BrowserSession
from idp.accounts.passwords import policy, services
from idp.accounts.passwords.schemas import PasswordChangeSchema
from idp.accounts.refusals import shown_again
from idp.accounts.sessions import sign_in_required
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/passwords/change.html"


@blueprint.get("/account/security/password")
@sign_in_required
def password() -> ResponseReturnValue:
    """Ask for the current password and the new one."""
    return render_template(TEMPLATE, form=Form(), **_context(sessions.current_account()))


@blueprint.post("/account/security/password")
@sign_in_required
def submit_password() -> ResponseReturnValue:
    """Change it and end every other session."""
    with transaction():
        browser_session = sessions.current_session()
        context = _context(browser_session.account)
    form = Form()
    data = form.load(PasswordChangeSchema())
    if data is None:
        return shown_again(TEMPLATE, form, **context)
    try:
        _check(data["password"], **context)
        _change(browser_session, data["current_password"], data["password"])
    except DomainError as error:
        return shown_again(TEMPLATE, form, error, **context)
    return redirect(url_for("accounts.password_changed"), HTTPStatus.SEE_OTHER)


def _context(account: Account) -> dict[str, Any]:
    """Whose password it is, and whether a second factor stands beside it."""
    return {"account": account, "has_factor": pending.has_factor(account.id)}


def _check(new: str, *, account: Account, has_factor: bool) -> None:
    policy.check(
        new,
        tax_id=account.tax_id,
        email=account.email,
        name=account.name,
        has_factor=has_factor,
    )


def _change(browser_session: BrowserSession, current: str, new: str) -> None:
    """No connection to the database is held while passwords are verified and hashed."""
    account = browser_session.account
    limits.confirmation(browser_session.public_id)
    if not passwords.verify(account.password_hash, current):
        raise WrongPassword
    limits.forgive_confirmation(browser_session.public_id)
    _set(browser_session, passwords.hash_password(new))


def _set(browser_session: BrowserSession, password_hash: str) -> None:
    account, at = browser_session.account, clock.now()
    with transaction():
        services.set_password(
            account,
            password_hash,
            by=account.actor,
            at=at,
            keep=browser_session,
            verified=account.password_hash,
        )
        sessions.renew(browser_session, at=at)


@blueprint.get("/account/security/password/changed")
@sign_in_required
def password_changed() -> ResponseReturnValue:
    """Say so."""
    return render_template("accounts/passwords/changed.html")
