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
    return get_one(whole().where(Invitation.public_id == reference))


def get_sent(public_id: str, account: Account) -> Invitation:
    """An invitation that `account` sent; raises `NotFound`, for somebody else's too."""
    query = whole().where(Invitation.public_id == public_id)
    return get_one(query.where(Invitation.inviter_id == account.id))


def find_by_protocol(number: str) -> Invitation | None:
    """The invitation with this protocol number, as it is stored."""
    return db.session.scalar(whole().where(Invitation.protocol == number))


def find_by_grant(grant: Grant) -> Invitation | None:
    """The invitation that was accepted when `grant` came into being; some came otherwise."""
    return db.session.scalar(whole().where(Invitation.grant_id == grant.id))


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


def batch_of(invitation: Invitation) -> Sequence[Invitation]:
    """All that are answered together with it, itself included, the oldest first."""
    if invitation.batch is None:
        return [invitation]
    query = whole().where(Invitation.batch == invitation.batch).order_by(Invitation.id)
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


def whole() -> Select[Invitation]:
    """A query for invitations with whom and what they name."""
    return select(Invitation).options(
        joinedload(Invitation.holder, innerjoin=True),
        joinedload(Invitation.inviter),
        joinedload(Invitation.parent),
        joinedload(Invitation.grant),
    )


def get_one(query: Select[Invitation]) -> Invitation:
    """The invitation that it finds; raises `NotFound`."""
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Invitation).where(*conditions)) or 0


def _page(paging: Paging, *conditions: ColumnElement[bool]) -> Sequence[Invitation]:
    return db.session.scalars(
        whole()
        .where(*conditions)
        .order_by(Invitation.settled_at.is_(None).desc(), Invitation.id.desc())
        .offset(paging.offset)
        .limit(paging.per_page)
    ).all()
