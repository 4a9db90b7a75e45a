"""The guest's link. Opening it shows what it is about and consumes nothing."""

from http import HTTPStatus

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, i18n, terms
from idp.accounts import registration
from idp.accounts.models import Account
from idp.accounts.sessions import current_account, find_account, here, sign_in_required
from idp.errors import DomainError, TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.invitations import lookup, rules, services
from idp.invitations.models import Invitation
from idp.invitations.rules import Standing
from idp.invitations.schemas import AcceptSchema, DeclineSchema
from idp.invitations.views import blueprint
from idp.invitations.views.sending import HOUR
from idp.invitations.views.steps import status_for
from idp.pages.paging import Paging
from idp.terms import Terms


@blueprint.get("/invitations/<token>")
def show(token: str) -> ResponseReturnValue:
    """What the invitation is about, or what became of it, for whoever holds the link."""
    return _page(lookup.get_by_token(token), Form())


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
            return _page(lookup.get_by_token(token), form, status_of(error))
    return _page(invitation, form, status_for(form))


@blueprint.post("/invitations/<token>/renewal-request")
def ask_again(token: str) -> ResponseReturnValue:
    """Tell the holder that the guest came too late and would like another invitation."""
    invitation = lookup.get_by_token(token)
    try:
        with transaction():
            services.request_again(invitation, at=clock.now())
    except TooManyAttempts:
        pass  # the holder was told a short while ago, which is what the page says
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


def _page(
    invitation: Invitation, form: Form, status: HTTPStatus | None = None
) -> ResponseReturnValue:
    """The page for this person at this moment; `status` when it answers a post."""
    account = find_account()
    if account is not None and account.id == invitation.inviter_id:
        page = url_for("invitations.sent", public_id=invitation.public_id)
        return redirect(page, HTTPStatus.SEE_OTHER)
    standing = rules.standing_of(invitation, clock.now())
    if standing is not Standing.OPEN:
        return _ended_page(invitation, standing, account, status)
    if account is None:
        return _stranger_page(invitation)
    if not rules.is_for(invitation, account):
        return render_template("invitations/for_another.html"), HTTPStatus.FORBIDDEN
    return _decision_page(invitation, form, status or HTTPStatus.OK)


def _stranger_page(invitation: Invitation) -> ResponseReturnValue:
    """Who invites, to how much; and the two ways on, which lead back here."""
    registration.prefill(invitation.guest_name, invitation.guest_email)
    return render_template(
        "invitations/stranger.html", invitation=invitation, next=request.path, hours=_hours()
    )


def _decision_page(invitation: Invitation, form: Form, status: HTTPStatus) -> ResponseReturnValue:
    left = lookup.count_left(invitation)
    if left == 0 or not rules.may_still_be_given(invitation, clock.now()):
        page = render_template("invitations/unavailable.html", invitation=invitation)
        return page, HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.GONE
    paging = Paging.of_request(left)
    page = render_template(
        "invitations/decide.html",
        form=form,
        invitation=invitation,
        left=left,
        paging=paging,
        installations=lookup.installations_left(invitation, paging),
        texts={text.value: terms.current_text(text, i18n.negotiate()) for text in Terms},
    )
    return page, status


def _ended_page(
    invitation: Invitation,
    standing: Standing,
    account: Account | None,
    status: HTTPStatus | None,
) -> ResponseReturnValue:
    grant = invitation.grant
    if grant is not None and account is not None and grant.grantee_id == account.id:
        page = render_template("invitations/accepted.html", invitation=invitation, grant=grant)
        return page, status or HTTPStatus.OK
    page = render_template(
        "invitations/ended.html",
        invitation=invitation,
        standing=standing.value,
        is_guest=account is not None and rules.is_for(invitation, account),
        successor=lookup.find_successor(invitation),
        token=lookup.token_of(invitation),
        hours=_hours(),
    )
    return page, status or HTTPStatus.GONE


def _hours() -> int:
    seconds: int = current_app.config["INVITATION_LIFE_SECONDS"]
    return seconds // HOUR
