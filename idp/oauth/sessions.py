"""How authorizations go with the browser session that they came from."""

from typing import Any

from sqlalchemy import exists, select, update

from idp.accounts.models import BrowserSession
from idp.accounts.signals import session_renewed
from idp.extensions import db
from idp.oauth.models import Authorization


@session_renewed.connect
def follow(_sender: Any, *, earlier_id: int, session_id: int, **_kwargs: Any) -> None:
    """Somebody who signs in again keeps what their applications hold, until they sign out."""
    db.session.execute(
        update(Authorization)
        .where(Authorization.session_id == earlier_id)
        .values(session_id=session_id)
    )


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
