"""Register: the form, and the page that says where to look next."""

from dataclasses import fields
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock, i18n
from idp.accounts import limits, passwords, return_to
from idp.accounts.blueprint import blueprint
from idp.accounts.passwords import policy
from idp.accounts.refusals import shown_again
from idp.accounts.registration import prefilling, services
from idp.accounts.registration.services import Applicant
from idp.accounts.schemas import RegistrationSchema
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/registration/register.html"


@blueprint.get("/register")
def register() -> ResponseReturnValue:
    """Ask for what an account needs; an invitation may have filled in name and address."""
    return render_template(TEMPLATE, form=Form(prefilling.prefilled()), next=_next())


@blueprint.post("/register")
def submit_registration() -> ResponseReturnValue:
    """Keep the form and write to the applicant; the answer never tells who is known."""
    form = Form()
    data = form.load(RegistrationSchema())
    if data is None:
        return shown_again(TEMPLATE, form, next=_next())
    try:
        _register(data)
    except DomainError as error:
        return shown_again(TEMPLATE, form, error, next=_next())
    return redirect(url_for("accounts.registration_sent"), HTTPStatus.SEE_OTHER)


def _register(data: dict[str, Any]) -> None:
    """No connection to the database is held while the password is hashed."""
    policy.check(
        data["password"],
        tax_id=data["tax_id"],
        email=data["email"],
        name=data["name"],
        has_factor=False,
    )
    limits.mail(tax_id=data["tax_id"], email=data["email"])
    known: dict[str, Any] = {
        field.name: data[field.name] or "" for field in fields(Applicant) if field.name in data
    }
    applicant = Applicant(
        **known,
        password_hash=passwords.hash_password(data["password"]),
        locale=i18n.negotiate(),
        return_to=_next(),
    )
    with transaction():
        services.register(applicant, at=clock.now())


@blueprint.get("/register/sent")
def registration_sent() -> ResponseReturnValue:
    """Look into the inbox."""
    return render_template("accounts/registration/registration_sent.html")


def _next() -> str:
    return return_to.known(request.args.get("next"))
