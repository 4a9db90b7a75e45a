"""Somebody whose documents were approved now has the access: at once, or by accepting."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from idp.accounts.models import Account, Assurance
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.grants.models import Grant
from idp.grants.succession import succeed
from idp.invitations.models import Invitation
from idp.invitations.signals import invitation_accepted
from idp.mandates.models import Kind, MandateRequest


def subscribe() -> None:
    """Hear of every invitation that is accepted."""
    invitation_accepted.connect(on_accepted)


def on_accepted(_sender: Any, *, invitation: Invitation, grant: Grant, at: datetime) -> None:
    """Note what became of the request behind the invitation, if there is one."""
    request = _find_request(invitation)
    if request is None:
        return
    request.invitation, request.grant = invitation, grant
    if request.kind is Kind.REPRESENTATIVE:
        settle_in(request, grant.grantee, by=grant.grantee.actor)


def settle_in(request: MandateRequest, person: Account, *, by: Actor) -> None:
    """What was given in the company's name passes on to the new representative, and the account
    counts as checked if the documents showed who the person is."""
    if request.replaces is not None:
        succeed(request.holder_tax_id, former=request.replaces.grantee, new=person, by=by)
    if request.identity_seen and person.assurance is not Assurance.VERIFIED:
        person.assurance = Assurance.VERIFIED
        record(
            Event.ASSURANCE_RAISED,
            by=by,
            account=person.public_id,
            assurance=Assurance.VERIFIED.value,
            proof="documents",
            mandate=request.public_id,
        )


def _find_request(invitation: Invitation) -> MandateRequest | None:
    """The one whose invitation this is, or was before it was sent again."""
    earlier: int | None = invitation.id
    while earlier is not None:
        query = select(MandateRequest).where(MandateRequest.invitation_id == earlier)
        if (found := db.session.scalar(query)) is not None:
            return found
        earlier = db.session.scalar(
            select(Invitation.resent_from_id).where(Invitation.id == earlier)
        )
    return None
