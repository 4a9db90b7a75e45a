"""The protocol and the list of installations, for those who are named in them."""

from datetime import timedelta

from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.models import Account
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import NotFound
from idp.grants import ledger
from idp.grants.models import Extent
from idp.invitations import lookup, rules
from idp.invitations.errors import InvitationForAnother
from idp.invitations.models import Invitation
from idp.invitations.paper import answers
from idp.invitations.views import blueprint
from idp.rate_limits import Limit

DOWNLOADS = Limit("invitation.download", burst=30, interval=timedelta(seconds=20))


@blueprint.get("/invitations/sent/<public_id>/protocol.pdf")
@sign_in_required
def sent_protocol(public_id: str) -> ResponseReturnValue:
    """The paper, for who sent the invitation."""
    invitation = lookup.get_sent(public_id, current_account())
    return _pdf(invitation)


@blueprint.get("/invitations/sent/<public_id>/installations.csv")
@sign_in_required
def sent_installations(public_id: str) -> ResponseReturnValue:
    """All installations on offer; an offer of everything has no list."""
    invitation = lookup.get_sent(public_id, current_account())
    if invitation.extent is Extent.EVERYTHING:
        raise NotFound
    DOWNLOADS.hit(current_account().public_id)
    return answers.csv_of(invitation)


@blueprint.get("/invitations/<token>/protocol.pdf")
@sign_in_required
def received_protocol(token: str) -> ResponseReturnValue:
    """The paper, for the person invited; having the link is not enough."""
    invitation = lookup.get_by_token(token)
    if not _is_guest(invitation, current_account()):
        raise InvitationForAnother
    return _pdf(invitation)


@blueprint.get("/grants/<grant_id>/protocol.pdf")
@sign_in_required
def grant_protocol(grant_id: str) -> ResponseReturnValue:
    """The paper of the invitation behind a grant, for whoever may see the grant."""
    grant = ledger.get_visible(grant_id, current_account().actor, clock.now())
    invitation = lookup.find_by_grant(grant)
    if invitation is None:
        raise NotFound
    return _pdf(invitation)


def _pdf(invitation: Invitation) -> ResponseReturnValue:
    DOWNLOADS.hit(current_account().public_id)
    return answers.pdf_of(invitation)


def _is_guest(invitation: Invitation, account: Account) -> bool:
    """The one who accepted it stays its guest, whatever their name is by now."""
    grant = invitation.grant
    accepted = grant is not None and grant.grantee_id == account.id
    return accepted or rules.is_for(invitation, account)
