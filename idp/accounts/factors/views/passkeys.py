"""Passkeys: added, renamed and removed."""

from http import HTTPStatus

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, reauthentication, return_to, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import passkeys as service
from idp.accounts.factors import showing
from idp.accounts.factors.errors import PasskeyRefused
from idp.accounts.factors.schemas import NameSchema, NewPasskeySchema
from idp.accounts.refusals import shown_again
from idp.accounts.sign_in.devices import device_name
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form

NEW = "accounts/factors/passkey_new.html"
RENAME = "accounts/factors/passkey.html"


@blueprint.get("/account/security/passkeys/new")
@reauthentication.required
def new_passkey() -> ResponseReturnValue:
    """Ask how to call it; the script does the rest."""
    form = Form({"name": device_name(request.user_agent.string)})
    return render_template(NEW, form=form, next=_known_next())


@blueprint.post("/account/security/passkeys/new/challenge")
@reauthentication.required
def challenge_passkey() -> ResponseReturnValue:
    """What the browser needs to make one."""
    limits.passkey()
    with transaction():
        asked = service.ask_new(sessions.current_account(), at=clock.now())
    return Response(asked, content_type="application/json")


@blueprint.post("/account/security/passkeys/new")
@reauthentication.required
def add_passkey() -> ResponseReturnValue:
    """Keep it; with the first factor come the recovery codes."""
    form = Form()
    data = form.load(NewPasskeySchema())
    if data is None:
        return shown_again(NEW, form, next=_known_next())
    try:
        codes = _add(data["credential"], data["name"])
    except DomainError as error:
        return shown_again(NEW, form, error, next=_known_next())
    if codes:
        return render_template("accounts/factors/codes_made.html", codes=codes, next=_known_next())
    return redirect(_known_next() or url_for("accounts.factors"), HTTPStatus.SEE_OTHER)


@blueprint.get("/account/security/passkeys/<passkey_id>")
@reauthentication.required
def passkey(passkey_id: str) -> ResponseReturnValue:
    """Ask for another name."""
    found = service.get(sessions.current_account(), passkey_id)
    return render_template(RENAME, form=Form({"name": found.name}), passkey=found)


@blueprint.post("/account/security/passkeys/<passkey_id>")
@reauthentication.required
def rename_passkey(passkey_id: str) -> ResponseReturnValue:
    """Call it so."""
    account, form = sessions.current_account(), Form()
    found = service.get(account, passkey_id)
    data = form.load(NameSchema())
    if data is None:
        return shown_again(RENAME, form, passkey=found)
    with transaction():
        service.rename(account, passkey_id, name=data["name"])
    return redirect(url_for("accounts.factors"), HTTPStatus.SEE_OTHER)


@blueprint.get("/account/security/passkeys/<passkey_id>/removal")
@reauthentication.required
def confirm_passkey_removal(passkey_id: str) -> ResponseReturnValue:
    """Name what will be lost."""
    found = service.get(sessions.current_account(), passkey_id)
    return render_template("accounts/factors/passkey_removal.html", passkey=found)


@blueprint.post("/account/security/passkeys/<passkey_id>/removal")
@reauthentication.required
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Do without it."""
    with transaction():
        service.remove(sessions.current_account(), passkey_id, at=clock.now())
    return redirect(url_for("accounts.factors"), HTTPStatus.SEE_OTHER)


def _add(credential: str, name: str) -> list[str]:
    """Raises `PasskeyRefused` and what `passkeys.add` raises."""
    session = sessions.current_session()
    limits.passkey()
    with transaction():
        added = service.add(session.account, credential, name=name, at=clock.now())
        if added is not None:
            showing.step_up(session, added.amr)
    if added is None:
        raise PasskeyRefused
    return added.codes


def _known_next() -> str:
    return return_to.known(request.args.get("next"))
