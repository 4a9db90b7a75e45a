"""The links above and below a grant."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from idp.extensions import db
from idp.grants import rules
from idp.grants.models import Grant

PARTIES = (
    joinedload(Grant.granted_by),
    joinedload(Grant.grantee, innerjoin=True),
    joinedload(Grant.holder, innerjoin=True),
)


def links_of(grant: Grant) -> list[Grant]:
    """Every link from the holder down to `grant`, which is the last."""
    return links_of_each([grant])[grant.id]


def links_of_each(grants: Iterable[Grant]) -> dict[int, list[Grant]]:
    """The links of each of `grants`, by its id; one query for all of them."""
    asked = list(grants)
    above = {id_ for grant in asked for id_ in grant.ancestors}
    query = select(Grant).options(*PARTIES).where(Grant.id.in_(above))
    found = {link.id: link for link in db.session.scalars(query)} if above else {}
    return {grant.id: [*(found[id_] for id_ in grant.ancestors), grant] for grant in asked}


def stands(grant: Grant, at: datetime) -> bool:
    """Whether `grant` and every link above it do, whatever is on record of `grant` alone."""
    return rules.stands(links_of(grant), at)


def hold(grants: Iterable[Grant]) -> list[Grant]:
    """Every link from the holder down to each of `grants`, read anew; none of them changes before
    the commit. Share-locked in the order of their ids, which is that of their age."""
    ids = {id_ for grant in grants for id_ in (*grant.ancestors, grant.id)}
    if not ids:
        return []
    query = select(Grant).where(Grant.id.in_(ids)).order_by(Grant.id).with_for_update(read=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def below(grant: Grant) -> Select[Grant]:
    """The links given directly under `grant`, ended ones included, the latest first."""
    return (
        select(Grant).options(*PARTIES).where(Grant.parent_id == grant.id).order_by(Grant.id.desc())
    )


def under(grant: Grant) -> Select[Grant]:
    """All links under `grant`, at any depth, ended ones included, in no order."""
    below = select(Grant.id).where(Grant.parent_id == grant.id).cte(recursive=True)
    below = below.union_all(select(Grant.id).join(below, Grant.parent_id == below.c.id))
    return select(Grant).options(*PARTIES).where(Grant.id.in_(select(below.c.id)))
