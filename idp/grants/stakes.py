"""What would end together with an account: whom it concerns, in numbers."""

from dataclasses import dataclass

from sqlalchemy import func, select

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants.models import Grant, Relation
from idp.grants.standing import is_standing


@dataclass(frozen=True, slots=True)
class Stakes:
    """Each counts people or companies, not grants."""

    given: int  # people who act by what the account gave, for itself or for somebody else
    received: int  # those for whom it acts as a delegate or collaborator
    companies: int  # those it represents
    clients: int  # those for whom it manages


def of(account: Account) -> Stakes:
    """What stands at this moment."""
    standing = is_standing(clock.now())
    people = select(func.count(Grant.grantee_id.distinct()))
    given = db.session.scalar(people.where(Grant.granted_by_id == account.id, standing))
    holders = (
        select(Grant.relation, func.count(Grant.holder_tax_id.distinct()))
        .where(Grant.grantee_id == account.id, standing)
        .group_by(Grant.relation)
    )
    count = {relation: number for relation, number in db.session.execute(holders)}
    return Stakes(
        given=given or 0,
        received=count.get(Relation.DELEGATE, 0) + count.get(Relation.COLLABORATOR, 0),
        companies=count.get(Relation.REPRESENTATIVE, 0),
        clients=count.get(Relation.MANAGER, 0),
    )
