"""Which page the guest's link shows: to this person, at this moment."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock, i18n, terms
from idp.accounts.models import Account
from idp.accounts.registration import prefilling
from idp.accounts.sessions import find_account
from idp.forms import Form
from idp.invitations import giving, lookup, remaining, rules
from idp.invitations.models import Decision, Invitation
from idp.invitations.rules import Standing
from idp.invitations.views.sending import HOUR
from idp.mail import addresses
from idp.pages.paging import Paging


def page_for(
    invitation: Invitation, form: Form, status: HTTPStatus | None = None
) -> ResponseReturnValue:
    """The page of this invitation, and of all that came with it; `status` when it answers a
    post."""
    account, at = find_account(), clock.now()
    together = lookup.batch_of(invitation)
    answerable = [each for each in together if rules.standing_of(each, at) is Standing.OPEN]
    if (elsewhere := _elsewhere(invitation, answerable, account)) is not None:
        return redirect(elsewhere, HTTPStatus.SEE_OTHER)
    if invitation not in answerable:
        return _ended_page(invitation, together, account, status)
    if account is None:
        return _stranger_page(invitation, answerable)
    if not rules.is_for(invitation, account):
        return _page_for_another(account)
    if next(giving.givable(answerable, at), None) is None:
        return _unavailable_page(invitation, together, account)
    about = _alone(invitation) if len(answerable) == 1 else _together(answerable)
    texts = {text.value: terms.current_text(text, i18n.negotiate()) for text in terms.OF_A_GUEST}
    page = render_template(form=form, invitation=invitation, texts=texts, **about)
    return page, status or HTTPStatus.OK


def _elsewhere(
    invitation: Invitation, answerable: Sequence[Invitation], account: Account | None
) -> str | None:
    """Where this person should look instead: who sent it, at its management; whose invitation was
    cancelled, at the others for which the same link was mailed."""
    if account is not None and account.id == invitation.inviter_id:
        return url_for("invitations.sent", public_id=invitation.public_id)
    if invitation.decision is Decision.CANCELLED and answerable:
        return url_for("invitations.show", token=lookup.token_of(answerable[0]))
    return None


def _stranger_page(invitation: Invitation, answerable: Sequence[Invitation]) -> ResponseReturnValue:
    """Who invites, to how much; and the two ways on, which lead back here."""
    prefilling.prefill(invitation.guest_name, invitation.guest_email)
    return render_template(
        "invitations/stranger.html",
        invitation=invitation,
        number=len(answerable),
        next=request.path,
    )


def _page_for_another(account: Account) -> ResponseReturnValue:
    """Speaks of the account that is signed in and of nobody else."""
    page = render_template(
        "invitations/for_another.html",
        name=account.name,
        tax_id=account.tax_id.masked,
        email=addresses.masked(account.email),
        next=request.path,
    )
    return page, HTTPStatus.FORBIDDEN


def _alone(invitation: Invitation) -> dict[str, Any]:
    """What the page of one invitation shows, and its template."""
    left = remaining.count_left(invitation)
    paging = Paging.of_request(left)
    return {
        "template_name_or_list": "invitations/decide.html",
        "bounds": giving.bounds_of([invitation])[invitation.id],
        "left": left,
        "paging": paging,
        "installations": remaining.installations_left(invitation, paging),
    }


def _together(answerable: Sequence[Invitation]) -> dict[str, Any]:
    """What the page of several that came together shows, and its template."""
    paging = Paging.of_request(len(answerable))
    shown = answerable[paging.offset : paging.offset + paging.per_page]
    givable, bounds = set(giving.givable(shown, clock.now())), giving.bounds_of(shown)
    return {
        "template_name_or_list": "invitations/decide_together.html",
        "paging": paging,
        "offers": [(each, each in givable, bounds[each.id]) for each in shown],
        "token_of": lookup.token_of,
    }


def _unavailable_page(
    invitation: Invitation, together: Sequence[Invitation], account: Account
) -> ResponseReturnValue:
    """Nothing to answer (any more): the rest of what came with it may have been accepted."""
    taken = _taken_by(account, together)
    if taken:
        return _accepted_page(taken), HTTPStatus.OK
    page = render_template("invitations/unavailable.html", invitation=invitation)
    return page, HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.GONE


def _ended_page(
    invitation: Invitation,
    together: Sequence[Invitation],
    account: Account | None,
    status: HTTPStatus | None,
) -> ResponseReturnValue:
    taken = _taken_by(account, together) if account is not None else []
    if invitation in taken:
        return _accepted_page(taken), status or HTTPStatus.OK
    at = clock.now()
    page = render_template(
        "invitations/ended.html",
        invitation=invitation,
        standing=rules.standing_of(invitation, at).value,
        is_guest=account is not None and rules.is_for(invitation, account),
        successor=lookup.find_successor(invitation),
        may_ask=giving.has_giver(invitation, at),
        token=lookup.token_of(invitation),
        hours=current_app.config["INVITATION_LIFE_SECONDS"] // HOUR,
    )
    return page, status or HTTPStatus.GONE


def _accepted_page(taken: Sequence[Invitation]) -> str:
    paging = Paging.of_request(len(taken))
    return render_template(
        "invitations/accepted.html",
        invitation=taken[0],
        taken=taken[paging.offset : paging.offset + paging.per_page],
        paging=paging,
    )


def _taken_by(account: Account, together: Sequence[Invitation]) -> list[Invitation]:
    """Those that this account accepted."""
    return [each for each in together if each.grant and each.grant.grantee_id == account.id]
