"""A representative is replaced: what the former gave in the company's name stays in force."""

from sqlalchemy import update

from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.grants.models import Grant, State
from idp.taxids import TaxId


def succeed(holder: TaxId, *, former: Account, new: Account, by: Actor) -> int:
    """From now on `new` counts as the giver of the active links that `former` gave in the name
    of `holder`; returns how many there are.

    The links below them were given by their receivers and stay as they are; so does a link to
    `new`, who can't have given it.
    """
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
