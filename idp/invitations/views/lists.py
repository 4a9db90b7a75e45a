"""The invitations that a person sent, and those meant for them."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.invitations import lookup, rules
from idp.invitations.models import Invitation
from idp.invitations.views import blueprint
from idp.pages.paging import Paging

FIRST_FEW = 5


@blueprint.get("/invitations")
@sign_in_required
def index() -> ResponseReturnValue:
    """The latest that were received, and all that were sent, page by page."""
    account = current_account()
    received = Paging(1, lookup.count_received(account), FIRST_FEW)
    paging = Paging.of_request(lookup.count_sent(account))
    sent = lookup.sent_by(account, paging)
    return render_template(
        "invitations/index.html",
        paging=paging,
        sent=_with_standing(sent),
        names_holders=any(each.holder_tax_id != account.tax_id for each in sent),
        received=_with_standing(lookup.received_by(account, received)),
        received_count=received.total,
        token_of=lookup.token_of,
    )


@blueprint.get("/invitations/received")
@sign_in_required
def received() -> ResponseReturnValue:
    """All that were received, page by page."""
    account = current_account()
    paging = Paging.of_request(lookup.count_received(account))
    return render_template(
        "invitations/received.html",
        paging=paging,
        received=_with_standing(lookup.received_by(account, paging)),
        token_of=lookup.token_of,
    )


def _with_standing(invitations: Sequence[Invitation]) -> list[tuple[Invitation, str]]:
    at = clock.now()
    return [(each, rules.standing_of(each, at).value) for each in invitations]
