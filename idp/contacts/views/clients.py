"""For whom I manage, to whom I gave that access on, and one of those people."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.contacts import clients as found
from idp.contacts.blueprint import blueprint
from idp.contacts.views.steps import standing_asked
from idp.grants import chain, ledger, rules
from idp.grants.ledger import Standing
from idp.pages.paging import Paging


@blueprint.get("/account/clients")
@sign_in_required
def clients() -> ResponseReturnValue:
    """The holders I manage for, past ones too."""
    account, at = current_account(), clock.now()
    typed, standing = request.args.get("q", ""), standing_asked()
    query = found.matching(account, standing=standing, typed=typed, at=at)
    paging = Paging.of_request(ledger.count_of(query))
    page = found.page_of(query, offset=paging.offset, limit=paging.per_page)
    return render_template(
        "contacts/clients.html",
        typed=typed,
        standing=standing,
        paging=paging,
        clients=page,
        state_of=lambda client: rules.shown_state(client.links, at),
        below=found.collaborators_under([each.grant for each in page], at),
    )


@blueprint.get("/account/collaborators")
@sign_in_required
def collaborators() -> ResponseReturnValue:
    """The people I gave access on to, past ones too."""
    account, at = current_account(), clock.now()
    typed, standing = request.args.get("q", ""), standing_asked()
    depth = current_app.config["DELEGATION_DEPTH"]
    query = found.collaborators_of(account, standing=standing, typed=typed, at=at)
    paging = Paging.of_request(found.count_of(query))
    return render_template(
        "contacts/collaborators.html",
        typed=typed,
        standing=standing,
        paging=paging,
        collaborators=found.people_of(query, offset=paging.offset, limit=paging.per_page),
        may_add=ledger.count_of(found.givable(account, depth, at)) > 0,
    )


@blueprint.get("/account/collaborators/<grant_id>")
@sign_in_required
def collaborator(grant_id: str) -> ResponseReturnValue:
    """One of them: for which clients, and how each of these stands."""
    account, at = current_account(), clock.now()
    person = found.get_collaborator(grant_id, account)
    standing = standing_asked()
    query = found.given_on(account, person, standing=standing, at=at)
    active = found.given_on(account, person, standing=Standing.ACTIVE, at=at)
    paging = Paging.of_request(ledger.count_of(query))
    grants = found.grants_of(query, offset=paging.offset, limit=paging.per_page)
    links = chain.links_of_each(grants)
    return render_template(
        "contacts/collaborator.html",
        person=person,
        key=grant_id,
        standing=standing,
        paging=paging,
        grants=grants,
        active=ledger.count_of(active),
        state_of=lambda grant: rules.shown_state(links[grant.id], at),
        level_of=lambda grant: rules.level_of(links[grant.id]),
    )
