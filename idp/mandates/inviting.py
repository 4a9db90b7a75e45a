"""The invitation that follows an approval where the nominee can't be given access at once."""

from datetime import datetime

from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.grants.models import Extent, Relation
from idp.grants.scope import Scope
from idp.invitations import days
from idp.invitations.models import Invitation
from idp.invitations.rules import Standing, standing_of
from idp.invitations.sending import Guest, send
from idp.mandates import lookup
from idp.mandates.errors import InvitationStands
from idp.mandates.models import Kind, MandateRequest, RequestState

RELATIONS = {
    Kind.REPRESENTATIVE: Relation.REPRESENTATIVE,
    Kind.MANAGER: Relation.MANAGER,
}


def invite(request: MandateRequest, *, at: datetime) -> Invitation:
    """Offer the nominee what was approved: everything the holder has, and will have."""
    return send(
        Guest(request.nominee_name, request.nominee_tax_id, request.nominee_email),
        Scope(
            request.holder_tax_id,
            RELATIONS[request.kind],
            request.level,
            Extent.EVERYTHING,
            days.end_of(request.ends_on),
        ),
        inviter=_inviter(request),
        locale=request.locale,
        at=at,
    )


def invite_again(public_id: str, *, by: Actor, at: datetime) -> Invitation:
    """Staff send another invitation in place of one that nobody answered in time.

    Raises `NotFound`, and `InvitationStands` unless the request was approved with an invitation
    that has lapsed.
    """
    request = lookup.get_locked(public_id)
    if not may_be_invited_again(request, at):
        raise InvitationStands
    request.invitation = invite(request, at=at)
    db.session.flush()
    record(
        Event.MANDATE_INVITED,
        by=by,
        account=request.account.public_id if request.account else None,
        invitation=request.invitation.public_id,
        mandate=request.public_id,
    )
    return request.invitation


def may_be_invited_again(request: MandateRequest, at: datetime) -> bool:
    """Whether the approval's invitation came to nothing because its time was over."""
    return (
        request.state is RequestState.APPROVED
        and request.grant_id is None
        and request.invitation is not None
        and standing_of(request.invitation, at) is Standing.LAPSED
    )


def _inviter(request: MandateRequest) -> Account | None:
    """Who asked in the holder's name; the utility itself, where staff opened the case or who asked
    gives up their own place."""
    is_leaving = request.replaces is not None and request.replaces.grantee_id == request.account_id
    return None if is_leaving else request.account
