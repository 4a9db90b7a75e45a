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
from idp.grants.coverage import covered_among, covered_by
from idp.grants.errors import InstallationsNotHeld
from idp.grants.models import Extent, Grant, GrantInstallation, Relation, State
from idp.grants.scope import Scope, check_below, check_end, check_extent, check_parties
from idp.identifiers import public_id
from idp.registry.models import Installation


def issue(
    scope: Scope,
    *,
    granted_by: Account | None,
    to: Account,
    installation_ids: Sequence[int] = (),
    at: datetime,
) -> Grant:
    """Let `to` act as `scope` says, on these installations where it names chosen ones.

    A representative is given by nobody. Everything under a parent with chosen installations means
    all that it covers now.

    Raises what `scope.check_parties`, `check_extent`, `check_end` and `check_below` do, and
    `InstallationsNotHeld` unless every one of the installations stands in the holder's name, and
    is covered by the parent, at this moment. Sends no mail: the invitation does.
    """
    _hold_parties(granted_by, to)
    check_parties(scope.holder, granted_by, to)
    check_end(scope.ends_at, at)
    check_extent(scope.extent, len(installation_ids))
    extent, held = _hold(scope, installation_ids)
    links = chain.hold([scope.parent] if scope.parent else [])
    if scope.parent is None:
        _check_from_the_holder(scope, granted_by, at)
    else:
        depth = current_app.config["DELEGATION_DEPTH"]
        check_below(links, scope, granted_by=granted_by, to=to, depth=depth, at=at)
        held = _within(scope, links, extent, held)
    grant = _grant(scope, links, extent, at)
    grant.granted_by, grant.grantee = granted_by, to
    _write(grant, held)
    return grant


def _hold_parties(granted_by: Account | None, to: Account) -> None:
    """See both as they are now; nobody locks them before the commit, which would end all their
    grants but this one."""
    ids = [to.id] if granted_by is None else [granted_by.id, to.id]
    query = select(Account).where(Account.id.in_(ids)).order_by(Account.id)
    query = query.with_for_update(read=True).execution_options(populate_existing=True)
    db.session.scalars(query).all()


def _hold(scope: Scope, installation_ids: Sequence[int]) -> tuple[Extent, list[int]]:
    """The new link's extent and installations: the ids in order, each once.

    The rows are share-locked, so that an import can't move one to another holder between this
    check and the commit; before any grant is, as everywhere. Raises `InstallationsNotHeld`.
    """
    if scope.extent is Extent.CHOSEN:
        ids = sorted(set(installation_ids))
        if len(_locked(_among(ids), Installation.holder_tax_id == scope.holder)) != len(ids):
            raise InstallationsNotHeld
        return Extent.CHOSEN, ids
    if scope.parent is None or scope.parent.extent is Extent.EVERYTHING:
        return Extent.EVERYTHING, []
    return Extent.CHOSEN, _locked(*covered_by(scope.parent))


def _locked(*wanted: ColumnElement[bool]) -> list[int]:
    query = select(Installation.id).where(*wanted).order_by(Installation.id)
    return list(db.session.scalars(query.with_for_update(read=True)))


def _check_from_the_holder(scope: Scope, granted_by: Account | None, at: datetime) -> None:
    """Raises `NotAllowed` unless `granted_by` acts for the holder and may give this relation;
    staff alone make somebody a representative."""
    if granted_by is None:
        allowed = scope.relation is Relation.REPRESENTATIVE
    else:
        acting.hold(granted_by, scope.holder)
        allowed = scope.relation in rules.MAY_GIVE[Relation.OWNER]
        allowed = allowed and acting.acts_for(granted_by, scope.holder, at)
    if not allowed:
        raise NotAllowed


def _within(scope: Scope, links: Sequence[Grant], extent: Extent, held: list[int]) -> list[int]:
    """What the new link covers: all that was chosen; of everything, where that became a list, what
    is left by now.

    Raises `InstallationsNotHeld` beyond the parent's, and `NoInstallations`.
    """
    left = covered_among(held, links) if held else []
    if scope.extent is Extent.CHOSEN and len(left) != len(held):
        raise InstallationsNotHeld
    check_extent(extent, len(left))
    return left


def _among(ids: list[int]) -> ColumnElement[bool]:
    """An installation is one of `ids`: one parameter, however many there are."""
    return Installation.id == any_(literal(ids, ARRAY(BigInteger)))


def _grant(scope: Scope, links: Sequence[Grant], extent: Extent, at: datetime) -> Grant:
    """The new link under `links`; its parties are still to be named."""
    return Grant(
        public_id=public_id("g"),
        holder_tax_id=scope.holder,
        parent_id=scope.parent.id if scope.parent else None,
        ancestors=[link.id for link in links],
        relation=scope.relation,
        extent=extent,
        level=scope.level,
        state=State.ACTIVE,
        version=1,
        installation_count=0,
        excepted_count=0,
        created_at=at,
        expires_at=scope.ends_at,
        end_reason="",
    )


def _write(grant: Grant, installation_ids: list[int]) -> None:
    """The link, a row for each installation in one statement, and the trail."""
    grant.installation_count = len(installation_ids)
    db.session.add(grant)
    db.session.flush()
    chosen = func.unnest(literal(installation_ids, ARRAY(BigInteger))).column_valued("chosen")
    db.session.execute(
        insert(GrantInstallation).from_select(
            ["grant_id", "installation_id", "ended_at"],
            select(literal(grant.id), chosen, null()),
        )
    )
    record(
        Event.GRANT_ISSUED,
        by=grant.grantee.actor,
        account=(grant.granted_by or grant.grantee).public_id,
        grant=grant.public_id,
        relation=grant.relation.value,
        extent=grant.extent.value,
        installations=grant.installation_count,
        level=grant.level.value,
    )
