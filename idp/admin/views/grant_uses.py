"""What was done with a grant, as applications told it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from idp.admin import reading
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.rules import Permission
from idp.grants import ledger, use_reading
from idp.pages.paging import Paging


@blueprint.get("/grants/<public_id>/uses")
@staff_required(Permission.SEE_GRANT)
def grant_uses(public_id: str) -> ResponseReturnValue:
    """All of it, page by page."""
    grant = reading.get_grant(public_id)
    query = use_reading.of_grant(grant)
    paging = Paging.of_request(ledger.count_of(query))
    return render_template(
        "admin/grant_uses.html",
        grant=grant,
        paging=paging,
        uses=use_reading.page_of(query, offset=paging.offset, limit=paging.per_page),
    )
