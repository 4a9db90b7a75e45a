"""Issue a grant: from the holder's side, or under the link that its giver acts by."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    any_,
    func,
    insert,
    literal,
    null,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from idp.accounts.models import Account
from idp.audit import Event, record
from idp.errors import NotAllowed
from idp.extensions import db
from idp.grants import acting, rules
from idp.grants.coverage import covered_by
from idp.grants.errors import InstallationsNotHeld
from idp.grants.models import Extent, Grant, GrantInstallation, Level, Relation, State
from idp.identifiers import public_id
from idp.registry.models import Installation
from idp.taxids import TaxId


def issue(
    *,
    holder: TaxId,
    granted_by: Account | None,
    to: Account,
    relation: Relation,
    level: Level,
    extent: Extent = Extent.CHOSEN,
    parent: Grant | None = None,
    installation_ids: Sequence[int] = (),
    expires_at: datetime | None,
    at: datetime,
) -> Grant:
    """Let `to` act on installations of `holder`, until `expires_at` (None: until revoked).

    `parent` is the link that `granted_by` acts by; None on the holder's side. A representative is
    given by nobody. With the extent `everything` no installations are named; under a parent with
    chosen ones that means all that it covers now.

    Raises what `rules.check_parties`, `check_extent`, `check_end` and `check_below` do, and
    `InstallationsNotHeld` unless every one of the installations stands in the holder's name, and
    is covered by the parent, at this moment. Sends no mail: the invitation does.
    """
    rules.check_parties(holder, granted_by, to)
    rules.check_end(expires_at, at)
    rules.check_extent(extent, len(installation_ids))
    chosen = _hold(holder, installation_ids)
    links = _hold_links(parent)
    if parent is None:
        _check_from_the_holder(holder, granted_by, relation, at)
    else:
        rules.check_below(
            links,
            granted_by=granted_by,
            to=to,
            relation=relation,
            level=level,
            expires_at=expires_at,
            depth=current_app.config["DELEGATION_DEPTH"],
            at=at,
        )
        extent, chosen = _within(parent, extent, chosen)
    grant = Grant(
        public_id=public_id("g"),
        holder_tax_id=holder,
        granted_by=granted_by,
        grantee=to,
        parent_id=parent.id if parent else None,
        ancestors=[link.id for link in links],
        relation=relation,
        extent=extent,
        level=level,
        state=State.ACTIVE,
        version=1,
        installation_count=len(chosen),
        excepted_count=0,
        created_at=at,
        expires_at=expires_at,
        end_reason="",
    )
    db.session.add(grant)
    db.session.flush()
    _cover(grant, chosen)
    record(
        Event.GRANT_ISSUED,
        by=to.actor,
        account=(granted_by or to).public_id,
        grant=grant.public_id,
        relation=relation.value,
        extent=extent.value,
        installations=len(chosen),
        level=level.value,
    )
    return grant


def _hold(holder: TaxId, installation_ids: Sequence[int]) -> list[int]:
    """The ids in order, each once; raises `InstallationsNotHeld`.

    The rows are share-locked, so that an import can't move one to another holder between this
    check and the commit; before any grant is, as everywhere.
    """
    ids = sorted(set(installation_ids))
    held = (
        select(Installation.id)
        .where(_among(Installation.id, ids), Installation.holder_tax_id == holder)
        .order_by(Installation.id)
        .with_for_update(read=True)
        .subquery()
    )
    if ids and db.session.scalar(select(func.count()).select_from(held)) != len(ids):
        raise InstallationsNotHeld
    return ids


def _hold_links(parent: Grant | None) -> list[Grant]:
    """Every link from the holder down to `parent`, read anew; none of them ends before the commit.

    Share-locked in the order of their ids, which is the order of their age.
    """
    if parent is None:
        return []
    query = select(Grant).where(Grant.id.in_([*parent.ancestors, parent.id]))
    query = query.order_by(Grant.id).with_for_update(read=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _check_from_the_holder(
    holder: TaxId, granted_by: Account | None, relation: Relation, at: datetime
) -> None:
    """Raises `NotAllowed` unless `granted_by` acts for the holder and may give this relation;
    staff alone make somebody a representative."""
    if granted_by is None:
        allowed = relation is Relation.REPRESENTATIVE
    else:
        allowed = relation in rules.MAY_GIVE[Relation.OWNER]
        allowed = allowed and acting.acts_for(granted_by, holder, at)
    if not allowed:
        raise NotAllowed


def _within(parent: Grant, extent: Extent, chosen: list[int]) -> tuple[Extent, list[int]]:
    """The new link's extent and installations; raises `InstallationsNotHeld` beyond the parent's,
    and `NoInstallations` when it covers none any more."""
    covered = select(Installation.id).where(*covered_by(parent))
    if extent is Extent.CHOSEN:
        query = covered.where(_among(Installation.id, chosen)).subquery()
        if db.session.scalar(select(func.count()).select_from(query)) != len(chosen):
            raise InstallationsNotHeld
        return extent, chosen
    if parent.extent is Extent.EVERYTHING:
        return extent, []
    chosen = list(db.session.scalars(covered.order_by(Installation.id).with_for_update(read=True)))
    rules.check_extent(Extent.CHOSEN, len(chosen))
    return Extent.CHOSEN, chosen


def _among(column: InstrumentedAttribute[int], ids: list[int]) -> ColumnElement[bool]:
    """`column` is one of `ids`, as one parameter however many there are."""
    return column == any_(literal(ids, ARRAY(BigInteger)))


def _cover(grant: Grant, installation_ids: list[int]) -> None:
    """One row for each installation, in one statement."""
    chosen = func.unnest(literal(installation_ids, ARRAY(BigInteger))).column_valued("chosen")
    db.session.execute(
        insert(GrantInstallation).from_select(
            ["grant_id", "installation_id", "ended_at"],
            select(literal(grant.id), chosen, null()),
        )
    )
