"""Recovery codes: ten on paper, each good for one sign-in when nothing else is at hand."""

import secrets
from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select, update

from idp.accounts.factors import letters
from idp.accounts.factors.models import RecoveryCode
from idp.accounts.factors.rules import (
    ALPHABET,
    CODE_LENGTH,
    CODES,
    grouped,
    normalised_code,
)
from idp.accounts.models import Account
from idp.audit import Event, record
from idp.extensions import db
from idp.identifiers import digest


def make(account: Account, *, at: datetime) -> list[str]:
    """Ten new codes, in the place of all earlier ones; nobody can read them again."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    forget(account)
    db.session.execute(
        insert(RecoveryCode),
        [{"account_id": account.id, "code_hash": digest(each), "created_at": at} for each in codes],
    )
    record(Event.RECOVERY_CODES_MADE, by=account.actor, account=account.public_id)
    return [grouped(each) for each in codes]


def use(account: Account, typed: str, *, at: datetime) -> bool:
    """Whether it is one of the account's, not used before; from then on it is. The person is told,
    and how many are left."""
    used = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == digest(normalised_code(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        return False
    left = count_left(account)
    record(Event.RECOVERY_CODE_USED, by=account.actor, account=account.public_id, left=left)
    letters.code_used(account, at, left)
    return True


def exist(account: Account) -> bool:
    """Whether any were made, used up or not."""
    query = select(exists().where(RecoveryCode.account_id == account.id))
    return bool(db.session.scalar(query))


def count_left(account: Account) -> int:
    """How many still work."""
    query = select(func.count()).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query) or 0


def forget(account: Account) -> None:
    """None of them works any longer."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
