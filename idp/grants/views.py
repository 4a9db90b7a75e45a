"""Pages of grants: those I gave and received, one of them, taking it back, giving it up."""

from datetime import datetime
from http import HTTPStatus

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.extensions import transaction
from idp.forms import Form
from idp.grants import (
    acting,
    chain,
    history,
    ledger,
    letters,
    parts,
    positions,
    rules,
    services,
    use_reading,
)
from idp.grants.blueprint import blueprint
from idp.grants.errors import NoInstallations
from idp.grants.ledger import Side, Standing
from idp.grants.models import Extent, Grant
from idp.grants.rules import Act, Part
from idp.grants.schemas import RevocationSchema
from idp.pages.paging import Paging

CHECKBOXES = 50  # installations to choose from on one page of a revocation
FEW = 10  # links below and exceptions that the page of a grant names


@blueprint.get("/grants")
@sign_in_required
def given() -> ResponseReturnValue:
    """Access I gave and access I received, past ones included."""
    account, at = current_account(), clock.now()
    side = next((s for s in Side if s.value == request.args.get("side")), Side.GIVEN)
    standing = next((s for s in Standing if s.value == request.args.get("standing")), None)
    typed = request.args.get("q", "")
    query = ledger.matching(account, side, standing=standing, typed=typed, at=at)
    paging = Paging.of_request(ledger.count_of(query))
    grants = ledger.grants_of(query, offset=paging.offset, limit=paging.per_page)
    links = chain.links_of_each(grants)
    return render_template(
        "grants/list.html",
        side=side,
        standing=standing,
        typed=typed,
        paging=paging,
        grants=grants,
        links=links,
        state_of=lambda grant: rules.shown_state(links[grant.id], at),
        level_of=lambda grant: rules.level_of(links[grant.id]),
        names_holder=len(acting.holders_for(account, at)) > 1,
    )


@blueprint.get("/grants/<grant_id>")
@sign_in_required
def show(grant_id: str) -> ResponseReturnValue:
    """One grant: what it allows, on what, its history, and what I can do about it."""
    account, at = current_account(), clock.now()
    grant = ledger.get_visible(grant_id, account.actor, at)
    links = chain.links_of(grant)
    part = parts.part_of(account.actor, grant, at)
    active = rules.stands(links, at)
    below = positions.matching(grant, "")
    return render_template(
        "grants/show.html",
        grant=grant,
        part=part,
        state=rules.shown_state(links, at),
        level=rules.level_of(links),
        ends_at=rules.end_of(links),
        active=active,
        allowed={act.value: active and rules.allows(part, act) for act in Act},
        is_divisible=rules.is_divisible(grant),
        gives_on=active and part is Part.MANAGER and bool(rules.may_give(links, _depth())),
        above=positions.above(links, part, account, at),
        below=positions.page_of(below, at=at, offset=0, limit=FEW),
        below_count=ledger.count_of(below),
        uses=use_reading.page_of(use_reading.of_grant(grant)),
        history=history.entries_of(grant, links, reader=account.public_id),
        **_installations(grant, part, active),
    )


def _depth() -> int:
    depth: int = current_app.config["DELEGATION_DEPTH"]
    return depth


def _installations(grant: Grant, part: Part, active: bool) -> dict[str, object]:
    """One page of what the grant covers; of everything only while it stands, with exceptions."""
    is_everything = grant.extent is Extent.EVERYTHING
    if is_everything and not active:
        return {"paging": Paging(1, 0), "covered": [], "exceptions": []}
    query = ledger.covered(grant)
    paging = Paging.of_request(letters.count_of(grant) if is_everything else ledger.count_of(query))
    since = grant.created_at if part in rules.RECEIVED.values() else None
    exceptions = ledger.exceptions_of(grant, since=since, limit=FEW + 1) if is_everything else []
    return {
        "paging": paging,
        "covered": ledger.installations_of(query, offset=paging.offset, limit=paging.per_page),
        "exceptions": exceptions[:FEW],
        "more_exceptions": len(exceptions) > FEW,
    }


@blueprint.route("/grants/<grant_id>/revocation", methods=["GET", "POST"])
@sign_in_required
def revoke(grant_id: str) -> ResponseReturnValue:
    """What will be lost and for whom; then all of it, or some of the installations, is ended."""
    account, at = current_account(), clock.now()
    grant = ledger.get_visible(grant_id, account.actor, at)
    parts.check_may(account.actor, Act.REVOKE, grant, at)
    form = Form({"extent": "all"})
    if not chain.stands(grant, at):
        return _settled(grant)
    if request.method == "POST" and (data := form.load(RevocationSchema())) is not None:
        if data["extent"] == "all":
            return _revoke_all(grant.public_id, at)
        if chosen := ledger.ids_of(grant, data["installations"]):
            return _revoke_some(grant.public_id, chosen, at)
        form.refuse(NoInstallations())
    return _revocation_page(grant, form)


@blueprint.route("/grants/<grant_id>/renunciation", methods=["GET", "POST"])
@sign_in_required
def renounce(grant_id: str) -> ResponseReturnValue:
    """What I will no longer be able to do; then I give it up."""
    account, at = current_account(), clock.now()
    grant = ledger.get_visible(grant_id, account.actor, at)
    parts.check_may(account.actor, Act.RENOUNCE, grant, at)
    if request.method == "POST":
        with transaction():
            locked = services.get_locked(grant.public_id)
            services.renounce(locked, by=account.actor, at=at)
        return _settled(locked)
    if not chain.stands(grant, at):
        return _settled(grant)
    count = letters.count_of(grant)
    return render_template("grants/renounce.html", grant=grant, count=count, form=Form())


def _revoke_all(grant_id: str, at: datetime) -> ResponseReturnValue:
    with transaction():
        grant = services.get_locked(grant_id)
        services.revoke(grant, by=current_account().actor, at=at)
    return _settled(grant)


def _revoke_some(grant_id: str, chosen: list[int], at: datetime) -> ResponseReturnValue:
    with transaction():
        grant = services.get_locked(grant_id)
        services.revoke_installations(grant, chosen, by=current_account().actor, at=at)
    if rules.is_active(grant, at):
        flash(_("The access to the installations you chose has ended."), "success")
    return _settled(grant)


def _settled(grant: Grant) -> ResponseReturnValue:
    """To the page of the grant, which says how it stands."""
    address = url_for("grants.show", grant_id=grant.public_id)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _revocation_page(grant: Grant, form: Form) -> ResponseReturnValue:
    typed = request.args.get("q", "")
    query = ledger.covered(grant, only_live=True, typed=typed)
    paging = Paging.of_request(ledger.count_of(query), per_page=CHECKBOXES)
    page = render_template(
        "grants/revoke.html",
        grant=grant,
        count=letters.count_of(grant),
        level=rules.level_of(chain.links_of(grant)),
        below=ledger.count_of(positions.active(grant, clock.now())),
        is_divisible=rules.is_divisible(grant),
        form=form,
        typed=typed,
        paging=paging,
        covered=ledger.installations_of(query, offset=paging.offset, limit=paging.per_page),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
