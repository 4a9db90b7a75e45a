"""The authenticator app of an account: at most one, confirmed by a code before it counts."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from idp import sealing, totp
from idp.accounts.factors import services
from idp.accounts.factors.errors import AppExists, SetUpStale, WrongCode
from idp.accounts.factors.models import Kind, TotpFactor
from idp.accounts.models import Account, BrowserSession
from idp.errors import NotFound
from idp.extensions import db


def find(account: Account) -> TotpFactor | None:
    """The account's app."""
    return db.session.scalar(select(TotpFactor).where(TotpFactor.account_id == account.id))


def offer(browser_session: BrowserSession) -> str:
    """A new seed for the set-up page of this session, sealed: nothing is kept before a code has
    shown that the app has it."""
    return sealing.seal(f"{browser_session.public_id} {totp.new_secret()}")


def read_offer(offered: str, browser_session: BrowserSession) -> str:
    """The seed; raises `SetUpStale` for one that was offered in another session."""
    try:
        session_id, _space, secret = sealing.unseal(offered).partition(" ")
    except sealing.Unreadable:
        raise SetUpStale from None
    if session_id != browser_session.public_id or not secret:
        raise SetUpStale
    return secret


def add(account: Account, secret: str, code: str, *, at: datetime) -> list[str]:
    """Keep the seed, of which `code` was typed; returns recovery codes if this is the first factor.

    Raises `WrongCode` or `AppExists`.
    """
    step = totp.matching_step(secret, code, at)
    if step is None:
        raise WrongCode
    services.hold(account)
    kept = db.session.scalar(
        insert(TotpFactor)
        .values(
            account_id=account.id,
            sealed_secret=sealing.seal(secret),
            last_step=step,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=[TotpFactor.account_id])
        .returning(TotpFactor.id)
    )
    if kept is None:
        raise AppExists
    return services.added(account, Kind.APP, at=at)


def use(account: Account, code: str, *, at: datetime) -> bool:
    """Whether `code` is right and new; from then on neither it nor an earlier one is."""
    factor = find(account)
    if factor is None:
        return False
    step = totp.matching_step(sealing.unseal(factor.sealed_secret), code, at)
    if step is None:
        return False
    moved = db.session.scalar(
        update(TotpFactor)
        .where(TotpFactor.id == factor.id, TotpFactor.last_step < step)
        .values(last_step=step, last_used_at=at)
        .returning(TotpFactor.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def remove(account: Account, *, at: datetime) -> None:
    """Do without it; raises `NotFound` when there is none."""
    services.hold(account)
    removed = delete(TotpFactor).where(TotpFactor.account_id == account.id)
    if db.session.scalar(removed.returning(TotpFactor.id)) is None:
        raise NotFound
    services.removed(account, Kind.APP, at=at)
