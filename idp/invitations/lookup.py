"""Find invitations: by link, by the person who sent them, by the person they are meant for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from idp import signing
from idp.accounts.models import Account
from idp.errors import NotFound
from idp.extensions import db
from idp.grants.models import Grant
from idp.invitations.models import Invitation
from idp.mail.rendering import link
from idp.pages.paging import Paging
from idp.taxids import TaxId

PURPOSE = "invitation"
LATEST = 300


def token_of(invitation: Invitation) -> str:
    """The last part of the guest's link; the same each time, stored nowhere."""
    return signing.sign(PURPOSE, invitation.public_id)


def link_to(invitation: Invitation) -> str:
    """The whole link, to be passed on."""
    return link("/invitations/", purpose=PURPOSE, reference=invitation.public_id)


def get_by_token(token: str) -> Invitation:
    """The invitation that a link names; raises `NotFound` for any other text."""
    reference = signing.unsign(PURPOSE, token)
    if reference is None:
        raise NotFound
    return _get(_whole().where(Invitation.public_id == reference))


def get_sent(public_id: str, account: Account) -> Invitation:
    """An invitation that `account` sent; raises `NotFound`, for somebody else's too."""
    query = _whole().where(Invitation.public_id == public_id)
    return _get(query.where(Invitation.inviter_id == account.id))


def find_by_protocol(number: str) -> Invitation | None:
    """The invitation with this protocol number, as it is stored."""
    return db.session.scalar(_whole().where(Invitation.protocol == number))


def find_by_grant(grant: Grant) -> Invitation | None:
    """The invitation that was accepted when `grant` came into being; some came otherwise."""
    return db.session.scalar(_whole().where(Invitation.grant_id == grant.id))


def get_locked(public_id: str) -> Invitation:
    """The invitation as it is now and stays until the end of the transaction; or `NotFound`."""
    query = (
        _whole()
        .where(Invitation.public_id == public_id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    )
    return _get(query)


def lock_due(at: datetime, limit: int) -> Sequence[Invitation]:
    """Those that lapsed unsettled, the oldest first; what others have locked is passed over."""
    return db.session.scalars(
        _whole()
        .where(Invitation.settled_at.is_(None), Invitation.expires_at <= at)
        .order_by(Invitation.expires_at, Invitation.id)
        .limit(limit)
        .with_for_update(of=Invitation, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def lock_open_from(account: Account, at: datetime) -> Sequence[Invitation]:
    """Those that `account` sent and nobody answered yet; what others have locked is passed over."""
    return _lock_open(Invitation.inviter_id == account.id, Invitation.expires_at > at)


def lock_open_to(account: Account, at: datetime) -> Sequence[Invitation]:
    """Those that await an answer of `account`, in the same way."""
    return _lock_open(*meant_for(account), Invitation.expires_at > at)


def find_successor(invitation: Invitation) -> Invitation | None:
    """The invitation that was sent in place of this one."""
    return db.session.scalar(select(Invitation).where(Invitation.resent_from_id == invitation.id))


def find_open_to(
    guest: TaxId, *, holder: TaxId, inviter: Account, at: datetime
) -> Invitation | None:
    """The latest invitation of the same guest by the same holder that awaits an answer."""
    return db.session.scalar(
        select(Invitation)
        .where(
            Invitation.guest_tax_id == guest,
            Invitation.holder_tax_id == holder,
            Invitation.inviter_id == inviter.id,
            Invitation.settled_at.is_(None),
            Invitation.expires_at > at,
        )
        .order_by(Invitation.id.desc())
        .limit(1)
    )


def count_sent(account: Account) -> int:
    """How many invitations `account` sent, ever."""
    return _count(Invitation.inviter_id == account.id)


def sent_by(account: Account, paging: Paging) -> Sequence[Invitation]:
    """Those that `account` sent: what awaits an answer first, then the latest."""
    return _page(paging, Invitation.inviter_id == account.id)


def count_received(account: Account) -> int:
    """How many invitations name this person."""
    return _count(*meant_for(account))


def received_by(account: Account, paging: Paging) -> Sequence[Invitation]:
    """Those meant for `account`, by tax id and e-mail address, in the same order."""
    return _page(paging, *meant_for(account))


def lock_batch(public_id: str) -> Sequence[Invitation]:
    """All invitations that are answered together with this one, itself included, as they are now
    and stay; or `NotFound`. In the order of their ids, by whichever link somebody comes."""
    named = _get(_whole().where(Invitation.public_id == public_id))
    if named.batch is None:
        return [get_locked(public_id)]
    return db.session.scalars(
        _whole()
        .where(Invitation.batch == named.batch)
        .order_by(Invitation.id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    ).all()


def batch_of(invitation: Invitation) -> Sequence[Invitation]:
    """The same, to look at."""
    if invitation.batch is None:
        return [invitation]
    query = _whole().where(Invitation.batch == invitation.batch).order_by(Invitation.id)
    return db.session.scalars(query).all()


def meant_for(account: Account) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which an invitation names this person."""
    return (
        Invitation.guest_tax_id == account.tax_id,
        Invitation.guest_email == account.email,
    )


def ids_received_by(account: Account) -> Select[str]:
    """The public ids of the latest invitations to `account`: part of its history."""
    query = select(Invitation.public_id).where(*meant_for(account))
    return query.order_by(Invitation.id.desc()).limit(LATEST)


def _lock_open(*conditions: ColumnElement[bool]) -> Sequence[Invitation]:
    return db.session.scalars(
        _whole()
        .where(*conditions, Invitation.settled_at.is_(None))
        .order_by(Invitation.id)
        .with_for_update(of=Invitation, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Invitation).where(*conditions)) or 0


def _page(paging: Paging, *conditions: ColumnElement[bool]) -> Sequence[Invitation]:
    return db.session.scalars(
        _whole()
        .where(*conditions)
        .order_by(Invitation.settled_at.is_(None).desc(), Invitation.id.desc())
        .offset(paging.offset)
        .limit(paging.per_page)
    ).all()


def _whole() -> Select[Invitation]:
    return select(Invitation).options(
        joinedload(Invitation.holder, innerjoin=True),
        joinedload(Invitation.inviter),
        joinedload(Invitation.parent),
        joinedload(Invitation.grant),
    )


def _get(query: Select[Invitation]) -> Invitation:
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found
