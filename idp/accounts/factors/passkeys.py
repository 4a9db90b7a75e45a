"""Passkeys of an account: registered under a name, asked for, renamed and removed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from idp.accounts.factors import ceremonies, challenges, services
from idp.accounts.factors.ceremonies import Answer, Invalid, Registered
from idp.accounts.factors.errors import PasskeyKnown, TooManyPasskeys
from idp.accounts.factors.models import Kind, Passkey, Purpose
from idp.accounts.factors.rules import MAXIMUM_PASSKEYS, amr_of_passkey, is_copied
from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account
from idp.audit import Event, record
from idp.errors import NotFound
from idp.extensions import db
from idp.identifiers import public_id


@dataclass(frozen=True, slots=True)
class Added:
    """A new passkey: its `amr`, and the recovery codes that came with it as the first factor."""

    amr: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey answered: whose it is, its `amr`, and whether the person was verified by it."""

    account: Account
    amr: str
    verified: bool


def of(account: Account) -> list[Passkey]:
    """The account's, the oldest first."""
    query = select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)
    return list(db.session.scalars(query))


def get(account: Account, name: str) -> Passkey:
    """The one of this public id; raises `NotFound`, as for somebody else's."""
    query = select(Passkey).where(Passkey.account_id == account.id, Passkey.public_id == name)
    if (found := db.session.scalar(query)) is None:
        raise NotFound
    return found


def ask_new(account: Account, *, at: datetime) -> str:
    """JSON with which the browser makes one for this account."""
    challenge = challenges.issue(Purpose.REGISTER, account.id, at=at)
    return ceremonies.registration_options(
        challenge,
        handle=account.public_id,
        name=account.email,
        display_name=account.name,
        known=of(account),
    )


def ask(purpose: Purpose, account: Account | None, *, at: datetime) -> str:
    """JSON with which the browser asks for one: of this account, or whosever it is if None."""
    challenge = challenges.issue(purpose, account.id if account else None, at=at)
    return ceremonies.authentication_options(
        challenge, known=of(account) if account else [], verified=purpose is Purpose.SIGN_IN
    )


def add(account: Account, text: str, *, name: str, at: datetime) -> Added | None:
    """Keep the passkey that the browser made.

    None when the answer doesn't hold: the challenge is used up then too. Raises `PasskeyKnown` or
    `TooManyPasskeys`.
    """
    services.hold(account)
    try:
        answer = ceremonies.read(text)
        if not challenges.claim(answer.challenge, Purpose.REGISTER, account.id, at=at):
            return None
        made = ceremonies.register(answer, answer.challenge)
    except Invalid:
        return None
    if len(of(account)) >= MAXIMUM_PASSKEYS:
        raise TooManyPasskeys
    _keep(account, made, name=name, at=at)
    codes = services.added(account, Kind.PASSKEY, at=at, name=name)
    return Added(amr_of_passkey(synced=made.synced), codes)


def use(purpose: Purpose, account: Account | None, text: str, *, at: datetime) -> Shown | None:
    """Whose passkey answered, or None; either way the challenge is used up, and a failure leaves
    its trace. With `account` it has to be one of theirs.

    Where both are locked the account comes first, as everywhere.
    """
    shown = _shown(purpose, account, text, at)
    if shown is None:
        name = account.public_id if account else None
        record(Event.FACTOR_FAILED, by=VISITOR, account=name, factor=Kind.PASSKEY.value)
    return shown


def rename(account: Account, passkey_id: str, *, name: str) -> None:
    """Call it `name`; raises `NotFound`."""
    get(account, passkey_id).name = name
    db.session.flush()


def remove(account: Account, passkey_id: str, *, at: datetime) -> None:
    """Do without it; raises `NotFound`."""
    services.hold(account)
    doomed = delete(Passkey).where(
        Passkey.account_id == account.id, Passkey.public_id == passkey_id
    )
    name = db.session.scalar(doomed.returning(Passkey.name))
    if name is None:
        raise NotFound
    services.removed(account, Kind.PASSKEY, at=at, name=name)


def _shown(purpose: Purpose, account: Account | None, text: str, at: datetime) -> Shown | None:
    try:
        answer = ceremonies.read(text)
    except Invalid:
        return None
    passkey = _find(answer, account)
    if passkey is None or not _is_unlocked(passkey.account_id):
        return None
    if not challenges.claim(answer.challenge, purpose, account.id if account else None, at=at):
        return None
    return _verify(passkey, answer, purpose, at)


def _find(answer: Answer, account: Account | None) -> Passkey | None:
    query = select(Passkey).where(Passkey.credential_id == answer.credential_id)
    if account is not None:
        query = query.where(Passkey.account_id == account.id)
    return db.session.scalar(query)


def _is_unlocked(account_id: int) -> bool:
    query = select(Account.id).where(Account.id == account_id, Account.locked_at.is_(None))
    return db.session.scalar(query.with_for_update(read=True)) is not None


def _verify(passkey: Passkey, answer: Answer, purpose: Purpose, at: datetime) -> Shown | None:
    """Section 7.2, with the counter of this moment."""
    query = select(Passkey).where(Passkey.id == passkey.id).with_for_update()
    current = db.session.scalar(query.execution_options(populate_existing=True))
    if current is None:
        return None
    account = db.session.get_one(Account, current.account_id)
    if answer.user_handle not in (b"", account.public_id.encode()):
        return None
    alone = purpose is Purpose.SIGN_IN
    try:
        seen, verified = ceremonies.authenticate(answer, answer.challenge, current, verified=alone)
    except Invalid:
        return None
    if is_copied(stored=current.sign_count, seen=seen):
        by = account.actor
        record(Event.PASSKEY_COPIED, by=by, account=account.public_id, passkey=current.public_id)
        return None
    current.sign_count, current.last_used_at = seen, at
    db.session.flush()
    return Shown(account, amr_of_passkey(synced=current.synced), verified)


def _keep(account: Account, made: Registered, *, name: str, at: datetime) -> None:
    """Raises `PasskeyKnown`, whoever's it is."""
    kept = db.session.scalar(
        insert(Passkey)
        .values(
            public_id=public_id("k"),
            account_id=account.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=name,
            transports=made.transports,
            synced=made.synced,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=[Passkey.credential_id])
        .returning(Passkey.id)
    )
    if kept is None:
        raise PasskeyKnown
