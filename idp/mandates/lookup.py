"""Find requests: those of an account, the one to be decided, and what they are about."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from idp.accounts.models import Account
from idp.errors import NotFound
from idp.extensions import db
from idp.grants.models import Grant, Relation, State
from idp.mandates.models import MandateReading, MandateRequest, RequestState
from idp.pages.paging import Paging
from idp.taxids import TaxId

PUBLIC_ID = re.compile(r"[mg]_[A-Za-z0-9_-]{1,64}")


def get_own(public_id: str, account: Account) -> MandateRequest:
    """A request that `account` opened; raises `NotFound`, for somebody else's too."""
    return _get(_whole(public_id).where(MandateRequest.account_id == account.id))


def get(public_id: str) -> MandateRequest:
    """The request, whoever opened it: for staff; raises `NotFound`."""
    return _get(_whole(public_id).where(MandateRequest.state != RequestState.DRAFT))


def get_locked(public_id: str, account: Account | None = None) -> MandateRequest:
    """The request as it is now and stays until the end of the transaction; or `NotFound`.

    With an account only its own, drafts included; without one, any that was sent.
    """
    found = get(public_id) if account is None else get_own(public_id, account)
    return db.session.scalars(
        _whole(public_id)
        .where(MandateRequest.id == found.id)
        .with_for_update(of=MandateRequest)
        .execution_options(populate_existing=True)
    ).one()


def count_of(account: Account) -> int:
    """How many requests `account` began or sent."""
    query = select(func.count()).where(MandateRequest.account_id == account.id)
    return db.session.scalar(query) or 0


def requests_of(account: Account, paging: Paging) -> Sequence[MandateRequest]:
    """One page of them, the latest first."""
    return db.session.scalars(
        select(MandateRequest)
        .where(MandateRequest.account_id == account.id)
        .order_by(MandateRequest.id.desc())
        .offset(paging.offset)
        .limit(paging.per_page)
        .options(
            joinedload(MandateRequest.account),
            selectinload(MandateRequest.replaces).joinedload(Grant.grantee),
        )
    ).all()


def find_reading(request: MandateRequest, reviewer: str) -> MandateReading | None:
    """What this member of staff (a public id) read last in the documents of the request."""
    return db.session.scalar(
        select(MandateReading)
        .where(MandateReading.request_id == request.id, MandateReading.reviewer == reviewer)
        .order_by(MandateReading.id.desc())
        .limit(1)
    )


def find_representation(person: TaxId, holder: TaxId, at: datetime) -> Grant | None:
    """The grant by which `person` represents `holder` at this moment."""
    return db.session.scalar(
        select(Grant)
        .join(Grant.grantee)
        .where(
            Account.tax_id == person,
            Grant.holder_tax_id == holder,
            Grant.relation == Relation.REPRESENTATIVE,
            Grant.state == State.ACTIVE,
            or_(Grant.expires_at.is_(None), Grant.expires_at > at),
        )
        .limit(1)
    )


def get_representation(public_id: str) -> Grant:
    """A representative's grant that is in force; raises `NotFound` for anything else."""
    if not PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    grant = db.session.scalar(
        select(Grant)
        .where(Grant.public_id == public_id, Grant.relation == Relation.REPRESENTATIVE)
        .options(joinedload(Grant.holder), joinedload(Grant.grantee))
    )
    if grant is None or grant.state is not State.ACTIVE:
        raise NotFound
    return grant


def _whole(public_id: str) -> Select[MandateRequest]:
    return (
        select(MandateRequest)
        .where(MandateRequest.public_id == public_id)
        .options(
            joinedload(MandateRequest.account),
            joinedload(MandateRequest.replaces).joinedload(Grant.grantee),
            selectinload(MandateRequest.documents),
        )
    )


def _get(query: Select[MandateRequest]) -> MandateRequest:
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found
