"""Take back all that a person was given on."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts.models import Account
from idp.accounts.sessions import current_account, sign_in_required
from idp.contacts import clients as found
from idp.contacts import services
from idp.contacts.blueprint import blueprint
from idp.contacts.errors import CountChanged
from idp.contacts.schemas import CountSchema
from idp.extensions import transaction
from idp.forms import Form
from idp.grants import ledger
from idp.grants.ledger import Standing
from idp.http_errors import status_of

NAMED = 20  # clients on the page; the person's own page lists all of them
MAXIMUM_DIGITS = 9


@blueprint.route("/account/collaborators/<grant_id>/removal", methods=["GET", "POST"])
@sign_in_required
def removal(grant_id: str) -> ResponseReturnValue:
    """What will be lost and for whom; then all of it ends."""
    person = found.get_collaborator(grant_id, current_account())
    form, status = Form(), HTTPStatus.OK
    if request.method == "POST" and (data := form.load(CountSchema())) is not None:
        try:
            return _remove(person, grant_id, data["count"])
        except CountChanged as error:
            form.refuse(error)
            person = found.get_collaborator(grant_id, current_account())
            status = status_of(error)
    return _page(person, grant_id, form, status)


def _remove(person: Account, grant_id: str, count: str) -> ResponseReturnValue:
    known = count.isascii() and count.isdigit() and len(count) <= MAXIMUM_DIGITS
    if not known:
        raise CountChanged
    with transaction():
        services.remove(person, by=current_account(), count=int(count), at=clock.now())
    flash(_("Removed. The access has ended for all of these clients."), "success")
    page = url_for("contacts.collaborator", grant_id=grant_id)
    return redirect(page, HTTPStatus.SEE_OTHER)


def _page(person: Account, grant_id: str, form: Form, status: HTTPStatus) -> ResponseReturnValue:
    query = found.given_on(current_account(), person, standing=Standing.ACTIVE, at=clock.now())
    count = ledger.count_of(query)
    if not count:
        page = url_for("contacts.collaborator", grant_id=grant_id)
        return redirect(page, HTTPStatus.SEE_OTHER)
    page = render_template(
        "contacts/removal.html",
        form=form,
        person=person,
        key=grant_id,
        count=count,
        grants=found.grants_of(query, offset=0, limit=NAMED),
    )
    return page, status
