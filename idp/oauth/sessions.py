"""How authorizations go with the browser session that they came from."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from idp.accounts.models import Account, BrowserSession
from idp.accounts.signals import account_erased, everything_ended, session_renewed
from idp.extensions import db
from idp.oauth.authorization.models import Consent, HolderChoice
from idp.oauth.models import Authorization


@session_renewed.connect
def follow(_sender: Any, *, earlier_id: int, session_id: int, **_kwargs: Any) -> None:
    """Somebody who signs in again keeps what their applications hold, and on whose behalf, until
    they sign out."""
    db.session.execute(
        update(Authorization)
        .where(Authorization.session_id == earlier_id)
        .values(session_id=session_id)
    )
    db.session.execute(
        update(HolderChoice)
        .where(HolderChoice.session_id == earlier_id)
        .values(session_id=session_id)
    )


@everything_ended.connect
def end_authorizations(
    _sender: Any, *, account: Account, keep: BrowserSession | None, at: datetime
) -> None:
    """Somebody else may have got in: what they let applications do ends too, offline access above
    all, which no browser session's end would reach."""
    ending = update(Authorization).where(
        Authorization.account_id == account.id, Authorization.revoked_at.is_(None)
    )
    if keep is not None:
        ending = ending.where(Authorization.session_id.is_distinct_from(keep.id))
    db.session.execute(ending.values(revoked_at=at))


@account_erased.connect
def withdraw_consents(_sender: Any, *, account: Account, at: datetime, **_kwargs: Any) -> bool:
    """What was agreed to ends with the person; what they let applications do has ended already.

    One that is given this moment is locked, and passed over: it is of no use without the account.
    """
    given = select(Consent.id).where(
        Consent.account_id == account.id, Consent.withdrawn_at.is_(None)
    )
    free = given.with_for_update(skip_locked=True)
    db.session.execute(update(Consent).where(Consent.id.in_(free)).values(withdrawn_at=at))
    return False


def began_in(sid: str, session: BrowserSession) -> bool:
    """Whether tokens with this `sid` belong to this session: to it or to one that it renewed."""
    if sid == session.public_id:
        return True
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Authorization.session_id == session.id,
                    Authorization.account_id == session.account_id,
                    Authorization.sid == sid,
                )
            )
        )
    )
