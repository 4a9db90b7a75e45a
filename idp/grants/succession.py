"""A representative is replaced: what the former gave in the company's name stays in force."""

from sqlalchemy import and_, or_, select, update

from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.grants.models import Grant, Relation, State
from idp.taxids import TaxId


def hold(holder: TaxId, former: Account) -> None:
    """Lock what `former` has and gave in the name of `holder`, by age as everywhere: whoever ends
    the one and passes the other on calls this before."""
    represents = and_(Grant.grantee_id == former.id, Grant.relation == Relation.REPRESENTATIVE)
    gave = and_(Grant.granted_by_id == former.id, Grant.parent_id.is_(None))
    query = select(Grant.id).where(
        Grant.holder_tax_id == holder, Grant.state == State.ACTIVE, or_(represents, gave)
    )
    query = query.order_by(Grant.id).with_for_update(key_share=True)
    db.session.execute(query).all()


def succeed(holder: TaxId, *, former: Account, new: Account, by: Actor) -> int:
    """From now on `new` counts as the giver of the active links that `former` gave in the name
    of `holder`; returns how many there are.

    The links below them were given by their receivers and stay as they are; so does a link to
    `new`, who can't have given it.
    """
    hold(holder, former)
    rows = db.session.execute(
        update(Grant)
        .where(
            Grant.holder_tax_id == holder,
            Grant.granted_by_id == former.id,
            Grant.grantee_id != new.id,
            Grant.parent_id.is_(None),
            Grant.state == State.ACTIVE,
        )
        .values(granted_by_id=new.id, version=Grant.version + 1)
        .returning(Grant.public_id)
        .execution_options(synchronize_session=False)
    )
    passed_on = sorted(rows.scalars())
    for public_id in passed_on:
        record(Event.GRANT_PASSED_ON, by=by, account=new.public_id, grant=public_id)
    return len(passed_on)
