"""Pages about the links of a chain: all those below one, and how much one of them allows."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts import reauthentication
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import DomainError, NotAllowed
from idp.extensions import transaction
from idp.forms import Form
from idp.grants import chain, ledger, parts, positions, rules, services
from idp.grants.blueprint import blueprint
from idp.grants.models import Grant, Level
from idp.grants.rules import Act
from idp.grants.schemas import LevelSchema
from idp.http_errors import status_of
from idp.pages.paging import Paging


@blueprint.get("/grants/<grant_id>/chain")
@sign_in_required
def people_below(grant_id: str) -> ResponseReturnValue:
    """Everybody to whom the access was given on, at any depth, past ones included."""
    account, at = current_account(), clock.now()
    grant = ledger.get_visible(grant_id, account.actor, at)
    typed = request.args.get("q", "")
    query = positions.matching(grant, typed)
    paging = Paging.of_request(ledger.count_of(query))
    return render_template(
        "grants/chain.html",
        grant=grant,
        typed=typed,
        paging=paging,
        below=positions.page_of(query, at=at, offset=paging.offset, limit=paging.per_page),
        depth=len(grant.ancestors) + 1,
    )


@blueprint.route("/grants/<grant_id>/level", methods=["GET", "POST"])
@reauthentication.required
def change_level(grant_id: str) -> ResponseReturnValue:
    """Let the person do more or less from now on."""
    account, at = current_account(), clock.now()
    grant = ledger.get_visible(grant_id, account.actor, at)
    parts.check_may(account.actor, Act.CHANGE_LEVEL, grant, at)
    if not rules.is_divisible(grant):
        raise NotAllowed
    form = Form({"level": grant.level.value})
    if request.method == "POST" and (data := form.load(LevelSchema())) is not None:
        try:
            return _change(grant, Level(data["level"]))
        except DomainError as error:
            form.refuse(error)
            return _level_page(grant_id, form), status_of(error)
    if not chain.stands(grant, at):
        return _to(grant)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _level_page(grant_id, form), status


def _change(grant: Grant, level: Level) -> ResponseReturnValue:
    before = grant.level
    with transaction():
        locked = services.get_locked(grant.public_id)
        services.change_level(locked, level, by=current_account().actor, at=clock.now())
    if locked.level is not before:
        flash(_("Changed. It holds from now on, and we tell both of you by e-mail."), "success")
    return _to(grant)


def _level_page(grant_id: str, form: Form) -> str:
    at = clock.now()
    grant = ledger.get_visible(grant_id, current_account().actor, at)
    above = chain.links_of(grant)[:-1]
    return render_template(
        "grants/level.html",
        grant=grant,
        form=form,
        may_be_full=rules.level_of(above) is Level.FULL,
        below=ledger.count_of(positions.active(grant, at)),
    )


def _to(grant: Grant) -> ResponseReturnValue:
    page = url_for("grants.show", grant_id=grant.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)
