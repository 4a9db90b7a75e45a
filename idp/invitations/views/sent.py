"""An invitation as its sender sees it: the link to pass on, cancel, send again."""

from http import HTTPStatus

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock, i18n
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.invitations import giving, lookup, rules, services
from idp.invitations.models import Invitation
from idp.invitations.schemas import CheckSchema
from idp.invitations.views import blueprint
from idp.invitations.views.sending import HOUR
from idp.invitations.views.steps import status_for


@blueprint.get("/invitations/sent/<public_id>/confirmation")
@sign_in_required
def confirmation(public_id: str) -> ResponseReturnValue:
    """What happened, what happens next, and how to take it back."""
    return _page("confirmation", lookup.get_sent(public_id, current_account()))


@blueprint.get("/invitations/sent/<public_id>")
@sign_in_required
def sent(public_id: str) -> ResponseReturnValue:
    """Where the invitation stands, and what can be done about it."""
    return _page("sent", lookup.get_sent(public_id, current_account()))


@blueprint.route("/invitations/sent/<public_id>/cancellation", methods=["GET", "POST"])
@sign_in_required
def cancellation(public_id: str) -> ResponseReturnValue:
    """Asks before the link stops working."""
    invitation = lookup.get_sent(public_id, current_account())
    if request.method == "POST":
        with transaction():
            locked = services.get_locked(invitation.public_id)
            services.cancel(locked, by=current_account().actor, at=clock.now())
        return _to_sent(invitation)
    if rules.standing_of(invitation, clock.now()) is not rules.Standing.OPEN:
        return _to_sent(invitation)
    return _page("cancellation", invitation)


@blueprint.route("/invitations/sent/<public_id>/renewal", methods=["GET", "POST"])
@sign_in_required
def renewal(public_id: str) -> ResponseReturnValue:
    """Asks before another mail goes out with the same data and a new link."""
    invitation = lookup.get_sent(public_id, current_account())
    form = Form()
    if request.method == "POST" and form.load(CheckSchema()) is not None:
        try:
            return _resend(invitation)
        except DomainError as error:
            form.refuse(error)
            invitation = lookup.get_sent(public_id, current_account())
            return _page("renewal", invitation, form), status_of(error)
    if not form.errors and not _may_be_resent(invitation):
        return _to_sent(invitation)
    return _page("renewal", invitation, form), status_for(form)


def _resend(invitation: Invitation) -> ResponseReturnValue:
    account = current_account()
    services.count_attempt(account)
    with transaction():
        renewed = services.resend(
            invitation.public_id, by=account, locale=i18n.negotiate(), at=clock.now()
        )
    page = url_for("invitations.confirmation", public_id=renewed.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)


def _page(name: str, invitation: Invitation, form: Form | None = None) -> str:
    return render_template(
        f"invitations/{name}.html",
        form=form or Form(),
        invitation=invitation,
        standing=rules.standing_of(invitation, clock.now()).value,
        may_be_resent=_may_be_resent(invitation),
        together=lookup.batch_of(invitation),
        successor=lookup.find_successor(invitation),
        link=lookup.link_to(invitation),
        hours=current_app.config["INVITATION_LIFE_SECONDS"] // HOUR,
    )


def _may_be_resent(invitation: Invitation) -> bool:
    at = clock.now()
    return rules.may_be_resent(invitation, at) and giving.has_giver(invitation, at)


def _to_sent(invitation: Invitation) -> ResponseReturnValue:
    page = url_for("invitations.sent", public_id=invitation.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)
