"""Issue a grant and end it: whole, for some installations, or by the one who received it."""

from collections.abc import Sequence
from datetime import datetime

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
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.grants import rules
from idp.grants.endings import end, expire_due, get_locked, lock, tell
from idp.grants.errors import InstallationsNotHeld
from idp.grants.models import Extent, Grant, GrantInstallation, Level, Relation, State
from idp.grants.rules import Act
from idp.identifiers import public_id
from idp.registry.models import Installation
from idp.taxids import TaxId

__all__ = [
    "expire_due",
    "get_locked",
    "issue",
    "renounce",
    "revoke",
    "revoke_installations",
]


def issue(
    *,
    holder: TaxId,
    granted_by: Account,
    to: Account,
    relation: Relation,
    level: Level,
    installation_ids: Sequence[int],
    expires_at: datetime | None,
    at: datetime,
) -> Grant:
    """Let `to` act on these installations of `holder`, until `expires_at` (None: until revoked).

    Raises what `rules.check_issuable` does, and `InstallationsNotHeld` unless every one of the
    installations stands in the holder's name at this moment. Sends no mail: the invitation does.
    """
    chosen = sorted(set(installation_ids))
    rules.check_issuable(
        holder, granted_by, to, installations=len(chosen), expires_at=expires_at, at=at
    )
    grant = Grant(
        public_id=public_id("g"),
        holder_tax_id=holder,
        granted_by=granted_by,
        grantee=to,
        ancestors=[],
        relation=relation,
        extent=Extent.CHOSEN,
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
    _check_held(holder, chosen)
    db.session.flush()
    _cover(grant, chosen)
    record(
        Event.GRANT_ISSUED,
        by=to.actor,
        account=granted_by.public_id,
        grant=grant.public_id,
        installations=len(chosen),
        level=level.value,
    )
    return grant


def revoke(grant: Grant, *, by: Actor, at: datetime, reason: str = "") -> None:
    """End all of the access, by the holder or by staff; raises `NotAllowed`.

    A grant that has ended already stays as it ended: asking twice is no error. `reason` is what
    staff give for the record.
    """
    rules.check_may(by, Act.REVOKE, grant)
    end(grant, State.REVOKED, by=by, at=at, reason=reason)


def renounce(grant: Grant, *, by: Actor, at: datetime) -> None:
    """End all of the access, by the one who received it; raises `NotAllowed`."""
    rules.check_may(by, Act.RENOUNCE, grant)
    end(grant, State.RENOUNCED, by=by, at=at)


def revoke_installations(
    grant: Grant, installation_ids: Sequence[int], *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """End the access to these installations only; the last one revokes the grant.

    Raises `NotAllowed`. Those that the grant does not cover (any more) are passed over.
    """
    rules.check_may(by, Act.NARROW, grant)
    lock(grant)
    if not rules.is_active(grant, at):
        end(grant, State.REVOKED, by=by, at=at)
        return
    codes = _uncover(grant, installation_ids, at)
    if not codes:
        return
    grant.installation_count -= len(codes)
    if grant.installation_count == 0:
        end(grant, State.REVOKED, by=by, at=at, reason=reason, codes=codes)
        return
    grant.version += 1
    tell(grant, Event.GRANT_NARROWED, by=by, codes=codes, count=len(codes), reason=reason)


def _among(column: InstrumentedAttribute[int], ids: list[int]) -> ColumnElement[bool]:
    """`column` is one of `ids`, as one parameter however many there are."""
    return column == any_(literal(ids, ARRAY(BigInteger)))


def _check_held(holder: TaxId, installation_ids: list[int]) -> None:
    """Raises `InstallationsNotHeld`. The rows are share-locked, so that an import can't move one
    to another holder between this check and the commit."""
    held = (
        select(Installation.id)
        .where(_among(Installation.id, installation_ids), Installation.holder_tax_id == holder)
        .order_by(Installation.id)
        .with_for_update(read=True)
        .subquery()
    )
    with db.session.no_autoflush:
        count = db.session.scalar(select(func.count()).select_from(held))
    if count != len(installation_ids):
        raise InstallationsNotHeld


def _cover(grant: Grant, installation_ids: list[int]) -> None:
    """One row for each installation, in one statement."""
    chosen = func.unnest(literal(installation_ids, ARRAY(BigInteger))).column_valued("chosen")
    db.session.execute(
        insert(GrantInstallation).from_select(
            ["grant_id", "installation_id", "ended_at"],
            select(literal(grant.id), chosen, null()),
        )
    )


def _uncover(grant: Grant, installation_ids: Sequence[int], at: datetime) -> list[str]:
    """End these rows; returns the codes of those that had not ended before, in order."""
    ended = db.session.scalars(
        update(GrantInstallation)
        .where(
            GrantInstallation.grant_id == grant.id,
            _among(GrantInstallation.installation_id, list(installation_ids)),
            GrantInstallation.ended_at.is_(None),
            Installation.id == GrantInstallation.installation_id,
        )
        .values(ended_at=at)
        .returning(Installation.code)
        .execution_options(synchronize_session=False)
    )
    return sorted(ended)
