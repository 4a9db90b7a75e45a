"""What an approval brings about, in the transaction of the decision."""

from datetime import datetime

from sqlalchemy import select

from idp.accounts.lookup import find_by_tax_id
from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants import acting, succession
from idp.grants import services as grants
from idp.grants.models import Extent, Grant, Level, Relation
from idp.grants.scope import Scope
from idp.mandates import letters, lookup, rules
from idp.mandates.errors import (
    AlreadyRepresents,
    ApplicantLostPower,
    HolderUnknown,
    NomineeLocked,
)
from idp.mandates.inviting import invite
from idp.mandates.joining import settle_in
from idp.mandates.models import Kind, MandateRequest
from idp.registry.services import find_holder

REPLACED = "replaced by a new representative"


def take(request: MandateRequest, *, by: Actor, at: datetime) -> Grant | None:
    """Give the access, or invite to it; returns the grant of the representative it replaces.

    Raises `HolderUnknown`, `ApplicantLostPower`, `AlreadyRepresents`, `NomineeLocked` and
    `IdentityUnproven`.
    """
    if find_holder(request.holder_tax_id) is None:
        raise HolderUnknown
    nominee = _hold(find_by_tax_id(request.nominee_tax_id), request.account)
    _check_applicant(request, at)
    if request.kind is Kind.MANAGER:
        request.invitation = invite(request, at=at)
        return None
    return _represent(request, nominee, by=by, at=at)


def _represent(
    request: MandateRequest, nominee: Account | None, *, by: Actor, at: datetime
) -> Grant | None:
    rules.check_identity(request, nominee)
    if lookup.find_representation(request.nominee_tax_id, request.holder_tax_id, at):
        raise AlreadyRepresents
    others = acting.representatives_of(request.holder_tax_id, at)
    former = _end_former(request, by=by, at=at)
    if nominee is not None and rules.may_act_at_once(request, nominee):
        _give(request, nominee, at)
        settle_in(request, nominee, by=by)
    else:
        request.invitation = invite(request, at=at)
    _tell(request, others, former)
    return former


def _give(request: MandateRequest, nominee: Account, at: datetime) -> None:
    if nominee.locked_at is not None:
        raise NomineeLocked
    scope = Scope(request.holder_tax_id, Relation.REPRESENTATIVE, Level.FULL, Extent.EVERYTHING)
    request.grant = grants.issue(scope, granted_by=None, to=nominee, at=at)


def _end_former(request: MandateRequest, *, by: Actor, at: datetime) -> Grant | None:
    """End the access that is to be replaced; one that ended by itself meanwhile stays so."""
    if request.replaces is None:
        return None
    succession.hold(request.holder_tax_id, request.replaces.grantee)
    former = grants.get_locked(request.replaces.public_id)
    grants.revoke(former, by=by, at=at, reason=REPLACED)
    return former


def _check_applicant(request: MandateRequest, at: datetime) -> None:
    """Who asked in the holder's name must still act for it."""
    applicant = request.account
    if applicant is None or request.is_for_oneself:
        return
    if not acting.acts_for(applicant, request.holder_tax_id, at):
        raise ApplicantLostPower


def _tell(request: MandateRequest, others: list[Account], former: Grant | None) -> None:
    """The company hears of it: everybody who represented it until now, but who asked."""
    for each in others:
        if former is not None and each.id == former.grantee_id:
            letters.replaced(request, each)
        elif each.id != request.account_id:
            letters.another(request, each)


def _hold(nominee: Account | None, applicant: Account | None) -> Account | None:
    """Both as they are now, and nobody can lock or change them until the transaction ends;
    returns the nominee."""
    ids = [each.id for each in (nominee, applicant) if each is not None]
    db.session.scalars(
        select(Account)
        .where(Account.id.in_(ids))
        .order_by(Account.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    return nominee
