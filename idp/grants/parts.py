"""What somebody is to a grant: the question before every permission."""

from datetime import datetime

from sqlalchemy import select

from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants import acting, rules
from idp.grants.models import Grant, Relation
from idp.grants.rules import Act, Part


def part_of(actor: Actor, grant: Grant, at: datetime) -> Part:
    """The one part that `actor` has; an application is a stranger."""
    if actor.kind == "staff":
        return Part.STAFF
    if actor.kind == "system":
        return Part.SYSTEM
    if actor.kind != "account":
        return Part.STRANGER
    if actor.reference == grant.grantee.public_id:
        return rules.RECEIVED[grant.relation]
    account = db.session.scalar(select(Account).where(Account.public_id == actor.reference))
    return Part.STRANGER if account is None else _part_of(account, grant, at)


def may(actor: Actor, act: Act, grant: Grant, at: datetime) -> bool:
    """Whether the table of permissions lets them."""
    return rules.allows(part_of(actor, grant, at), act)


def check_may(actor: Actor, act: Act, grant: Grant, at: datetime) -> None:
    """Raises `NotAllowed` where `may` is false."""
    rules.check_allows(part_of(actor, grant, at), act)


def _part_of(account: Account, grant: Grant, at: datetime) -> Part:
    if acting.acts_for(account, grant.holder_tax_id, at):
        is_fellow = (
            grant.relation is Relation.REPRESENTATIVE and account.tax_id != grant.holder_tax_id
        )
        return Part.FELLOW if is_fellow else Part.HOLDER
    if grant.ancestors and _received_any(account, grant.ancestors):
        return Part.ABOVE
    return Part.STRANGER


def _received_any(account: Account, links: list[int]) -> bool:
    query = select(Grant.id).where(Grant.id.in_(links), Grant.grantee_id == account.id).limit(1)
    return db.session.scalar(query) is not None
