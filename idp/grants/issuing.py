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

from idp.accounts.models import Account
from idp.audit import Event, record
from idp.errors import NotAllowed
from idp.extensions import db
from idp.grants import acting, chain, rules
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
    _hold_parties(granted_by, to)
    rules.check_parties(holder, granted_by, to)
    rules.check_end(expires_at, at)
    rules.check_extent(extent, len(installation_ids))
    is_snapshot = extent is Extent.EVERYTHING
    extent, chosen = _hold(extent, holder, parent, installation_ids)
    links = chain.hold([parent] if parent else [])
    if parent is None:
        _check_from_the_holder(holder, granted_by, relation, at)
    else:
        rules.check_below(
            links,
            holder=holder,
            granted_by=granted_by,
            to=to,
            relation=relation,
            level=level,
            expires_at=expires_at,
            depth=current_app.config["DELEGATION_DEPTH"],
            at=at,
        )
        chosen = _within(parent, extent, chosen, is_snapshot)
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


def _hold_parties(granted_by: Account | None, to: Account) -> None:
    """See both as they are now; nobody locks them before the commit, which would end all their
    grants but this one."""
    ids = [to.id] if granted_by is None else [granted_by.id, to.id]
    query = select(Account).where(Account.id.in_(ids)).order_by(Account.id)
    query = query.with_for_update(read=True).execution_options(populate_existing=True)
    db.session.scalars(query).all()


def _hold(
    extent: Extent, holder: TaxId, parent: Grant | None, installation_ids: Sequence[int]
) -> tuple[Extent, list[int]]:
    """The new link's extent and installations: the ids in order, each once.

    The rows are share-locked, so that an import can't move one to another holder between this
    check and the commit; before any grant is, as everywhere. Raises `InstallationsNotHeld`.
    """
    if extent is Extent.CHOSEN:
        ids = sorted(set(installation_ids))
        held = _locked(_among(ids), Installation.holder_tax_id == holder)
        if len(held) != len(ids):
            raise InstallationsNotHeld
        return extent, ids
    if parent is None or parent.extent is Extent.EVERYTHING:
        return extent, []
    return Extent.CHOSEN, _locked(*covered_by(parent))


def _locked(*wanted: ColumnElement[bool]) -> list[int]:
    query = select(Installation.id).where(*wanted).order_by(Installation.id)
    return list(db.session.scalars(query.with_for_update(read=True)))


def _check_from_the_holder(
    holder: TaxId, granted_by: Account | None, relation: Relation, at: datetime
) -> None:
    """Raises `NotAllowed` unless `granted_by` acts for the holder and may give this relation;
    staff alone make somebody a representative."""
    if granted_by is None:
        allowed = relation is Relation.REPRESENTATIVE
    else:
        acting.hold(granted_by, holder)
        allowed = relation in rules.MAY_GIVE[Relation.OWNER]
        allowed = allowed and acting.acts_for(granted_by, holder, at)
    if not allowed:
        raise NotAllowed


def _within(parent: Grant, extent: Extent, chosen: list[int], is_snapshot: bool) -> list[int]:
    """What the new link covers: of a snapshot what is left now, else all that was chosen.

    Raises `InstallationsNotHeld` beyond the parent's, and `NoInstallations`.
    """
    query = select(Installation.id).where(*covered_by(parent), _among(chosen))
    left = list(db.session.scalars(query.order_by(Installation.id))) if chosen else []
    if not is_snapshot and len(left) != len(chosen):
        raise InstallationsNotHeld
    rules.check_extent(extent, len(left))
    return left


def _among(ids: list[int]) -> ColumnElement[bool]:
    """An installation is one of `ids`: one parameter, however many there are."""
    return Installation.id == any_(literal(ids, ARRAY(BigInteger)))


def _cover(grant: Grant, installation_ids: list[int]) -> None:
    """One row for each installation, in one statement."""
    chosen = func.unnest(literal(installation_ids, ARRAY(BigInteger))).column_valued("chosen")
    db.session.execute(
        insert(GrantInstallation).from_select(
            ["grant_id", "installation_id", "ended_at"],
            select(literal(grant.id), chosen, null()),
        )
    )
