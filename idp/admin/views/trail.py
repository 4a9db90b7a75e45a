"""/admin/trail: the newest events, of one kind or about one thing."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.newest import asked_before
from idp.admin.rules import Permission
from idp.admin.trail import Filter, read_trail
from idp.forms import Form


@blueprint.get("/trail", endpoint="trail")
@staff_required(Permission.READ_TRAIL)
def trail() -> ResponseReturnValue:
    """Filters are public ids and kinds of events, nothing personal: they may stand in addresses."""
    wanted = Filter.of(request.args)
    return render_template(
        "admin/trail.html",
        form=Form(wanted.arguments()),
        wanted=wanted,
        history=read_trail(wanted, before=asked_before()),
    )
