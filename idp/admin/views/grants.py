"""A grant: who, what, what happened; and taking it back."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.admin import acting, reading
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.forms import RevocationSchema
from idp.admin.newest import asked_before
from idp.admin.rules import Permission
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form
from idp.grants import chain
from idp.grants import rules as grant_rules
from idp.grants.models import Grant
from idp.pages.paging import Paging

CHOICES_PER_PAGE = 50


@blueprint.get("/grants/<public_id>")
@staff_required(Permission.SEE_GRANT)
def grant(public_id: str) -> ResponseReturnValue:
    """Parties, installations, state and history."""
    grant = reading.get_grant(public_id)
    paging = Paging.of_request(reading.count_installations(grant))
    return render_template(
        "admin/grant.html",
        grant=grant,
        state=grant_rules.shown_state(chain.links_of(grant), clock.now()),
        holder_account=reading.find_account_of(grant.holder_tax_id),
        covered=reading.installations_of(grant, offset=paging.offset, limit=paging.per_page),
        paging=paging,
        history=reading.history("grant", grant.public_id),
    )


@blueprint.get("/grants/<public_id>/history")
@staff_required(Permission.SEE_GRANT)
def grant_history(public_id: str) -> ResponseReturnValue:
    """All events of this grant."""
    grant = reading.get_grant(public_id)
    return render_template(
        "admin/history.html",
        heading=grant.public_id,
        back_href=url_for("admin.grant", public_id=grant.public_id),
        history=reading.history("grant", grant.public_id, before=asked_before()),
    )


@blueprint.route("/grants/<public_id>/revocation", methods=["GET", "POST"])
@staff_required(Permission.REVOKE_GRANT)
def revoke_grant(public_id: str) -> ResponseReturnValue:
    """Names what will be lost and for whom, asks why; posted, it revokes."""
    grant = reading.get_grant(public_id)
    if not grant_rules.stands(chain.links_of(grant), clock.now()):
        return redirect(url_for("admin.grant", public_id=public_id), HTTPStatus.SEE_OTHER)
    form = Form({"scope": "all"})
    if request.method == "POST" and (data := form.load(RevocationSchema())) is not None:
        try:
            with transaction():
                acting.revoke_grant(public_id, **data)
            return redirect(url_for("admin.grant", public_id=public_id), HTTPStatus.SEE_OTHER)
        except DomainError as error:
            form.refuse(error)
    return _revocation_page(form, grant)


def _revocation_page(form: Form, grant: Grant) -> ResponseReturnValue:
    paging = Paging.of_request(
        reading.count_installations(grant, live=True), per_page=CHOICES_PER_PAGE
    )
    covered = reading.installations_of(
        grant, offset=paging.offset, limit=paging.per_page, live=True
    )
    page = render_template(
        "admin/grant_revocation.html",
        form=form,
        grant=grant,
        is_divisible=grant_rules.is_divisible(grant),
        covered=covered,
        paging=paging,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
