"""An invitation: who offers what to whom, what became of it; and taking it back."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.admin import acting, reading
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.forms import CancellationSchema
from idp.admin.newest import asked_before
from idp.admin.rules import Permission
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form
from idp.invitations import rules as invitation_rules
from idp.invitations.paper import answers
from idp.pages.paging import Paging


@blueprint.get("/invitations/<public_id>")
@staff_required(Permission.SEE_INVITATION)
def invitation(public_id: str) -> ResponseReturnValue:
    """Parties, installations, standing and history."""
    invitation = reading.get_invitation(public_id)
    paging = Paging.of_request(reading.count_offered(invitation))
    return render_template(
        "admin/invitation.html",
        invitation=invitation,
        standing=invitation_rules.standing_of(invitation, clock.now()),
        guest_account=reading.find_account_of(invitation.guest_tax_id),
        offered=reading.offered(invitation, offset=paging.offset, limit=paging.per_page),
        paging=paging,
        history=reading.history("invitation", invitation.public_id),
    )


@blueprint.get("/invitations/<public_id>/protocol.pdf")
@staff_required(Permission.SEE_INVITATION)
def invitation_protocol(public_id: str) -> ResponseReturnValue:
    """The paper that the parties have; tax ids are masked on it for everybody."""
    return answers.pdf_of(reading.get_invitation(public_id))


@blueprint.get("/invitations/<public_id>/history")
@staff_required(Permission.SEE_INVITATION)
def invitation_history(public_id: str) -> ResponseReturnValue:
    """All events of this invitation."""
    invitation = reading.get_invitation(public_id)
    return render_template(
        "admin/history.html",
        heading=invitation.protocol,
        back_href=url_for("admin.invitation", public_id=invitation.public_id),
        history=reading.history("invitation", invitation.public_id, before=asked_before()),
    )


@blueprint.route("/invitations/<public_id>/cancellation", methods=["GET", "POST"])
@staff_required(Permission.CANCEL_INVITATION)
def cancel_invitation(public_id: str) -> ResponseReturnValue:
    """Asks why; posted, nobody can accept the invitation any more."""
    invitation = reading.get_invitation(public_id)
    form = Form()
    if request.method == "POST" and (data := form.load(CancellationSchema())) is not None:
        try:
            with transaction():
                acting.cancel_invitation(public_id, data["reason"])
            page = url_for("admin.invitation", public_id=public_id)
            return redirect(page, HTTPStatus.SEE_OTHER)
        except DomainError as error:
            form.refuse(error)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("admin/invitation_cancel.html", form=form, invitation=invitation), status
