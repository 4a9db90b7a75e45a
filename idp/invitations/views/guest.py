"""The guest's link. Opening it shows what it is about and consumes nothing."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, i18n
from idp.accounts.sessions import current_account, here, sign_in_required
from idp.errors import DomainError, NotFound, TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.invitations import giving, lookup, remaining, rules, services
from idp.invitations.models import Invitation
from idp.invitations.rules import Standing
from idp.invitations.schemas import AcceptSchema, DeclineSchema
from idp.invitations.views import blueprint
from idp.invitations.views.guest_page import page_for
from idp.invitations.views.steps import status_for
from idp.pages.paging import Paging


@blueprint.get("/invitations/<token>")
def show(token: str) -> ResponseReturnValue:
    """What the invitation is about, or what became of it, for whoever holds the link."""
    return page_for(lookup.get_by_token(token), Form())


@blueprint.post("/invitations/<token>")
@sign_in_required
def decide(token: str) -> ResponseReturnValue:
    """Accept or decline."""
    invitation = lookup.get_by_token(token)
    form = Form(dict(request.form.lists()))
    decision = request.form.get("decision")
    if decision not in ("accept", "decline"):
        form.errors["decision"] = _("Choose whether to accept or to decline.")
    elif form.load(AcceptSchema() if decision == "accept" else DeclineSchema()) is not None:
        try:
            _settle(invitation, decision, form)
            return redirect(here(), HTTPStatus.SEE_OTHER)
        except DomainError as error:
            form.refuse(error)
            return page_for(lookup.get_by_token(token), form, status_of(error))
    return page_for(invitation, form, status_for(form))


@blueprint.get("/invitations/<token>/installations")
@sign_in_required
def offered_installations(token: str) -> ResponseReturnValue:
    """Those of one holder, where several invitations came together; only while the guest may
    accept."""
    invitation, at = lookup.get_by_token(token), clock.now()
    is_open = rules.standing_of(invitation, at) is Standing.OPEN
    if not is_open or not rules.is_for(invitation, current_account()):
        raise NotFound
    if next(giving.givable([invitation], at), None) is None:
        raise NotFound
    paging = Paging.of_request(remaining.count_left(invitation))
    return render_template(
        "invitations/offered_installations.html",
        invitation=invitation,
        paging=paging,
        installations=remaining.installations_left(invitation, paging),
        back=url_for("invitations.show", token=token),
    )


@blueprint.post("/invitations/<token>/renewal-request")
def ask_again(token: str) -> ResponseReturnValue:
    """Tell who sent it that the guest came too late and would like another invitation."""
    invitation = lookup.get_by_token(token)
    try:
        with transaction():
            services.request_again(invitation, at=clock.now())
    except TooManyAttempts:
        pass  # who sent it was told a short while ago, which is what the page says
    except DomainError:
        return redirect(url_for("invitations.show", token=token), HTTPStatus.SEE_OTHER)
    return render_template("invitations/asked_again.html", invitation=invitation)


def _settle(invitation: Invitation, decision: str, form: Form) -> None:
    guest, at = current_account(), clock.now()
    with transaction():
        if decision == "accept":
            services.accept(invitation.public_id, guest=guest, locale=i18n.negotiate(), at=at)
        else:
            reason = DeclineSchema().load(form.values)["reason"]
            services.decline(invitation.public_id, guest=guest, reason=reason, at=at)
