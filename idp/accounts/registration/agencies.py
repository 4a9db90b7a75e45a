"""Real-estate agencies: what they say of themselves, and whether staff found their licence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from idp.accounts.models import Account
from idp.accounts.registration.errors import AgencyReviewed
from idp.accounts.registration.models import Agency, CreciState
from idp.accounts.signals import account_erased
from idp.audit import Actor, Event, record
from idp.errors import NotFound
from idp.extensions import db
from idp.mail import Priority, notify

STATED = (
    *("trade_name", "responsible", "postal_code", "state", "city", "district", "street", "number"),
    *("complement", "creci"),
)


def find(account: Account) -> Agency | None:
    """The agency of this account, if it is one."""
    return db.session.get(Agency, account.id)


def get(public_id: str, *, lock: bool = False) -> Agency:
    """The agency of the account of this public id; raises `NotFound`."""
    query = select(Agency).join(Account).where(Account.public_id == public_id)
    if lock:
        query = query.with_for_update(of=Agency).execution_options(populate_existing=True)
    agency = db.session.scalar(query)
    if agency is None:
        raise NotFound
    return agency


def stated(answers: Mapping[str, str]) -> dict[str, str]:
    """What `answers` say of an agency; what was not asked is empty."""
    return {name: answers.get(name) or "" for name in STATED}


def state(account: Account, answers: Mapping[str, str], *, at: datetime) -> None:
    """Keep what the agency says of itself; whatever staff found before, they look again."""
    agency = find(account) or Agency(account_id=account.id, version=0)
    for name, text in stated(answers).items():
        setattr(agency, name, text)
    agency.creci_state, agency.refusal = CreciState.WAITING, ""
    agency.version += 1
    agency.stated_at, agency.reviewed_at = at, None
    db.session.add(agency)
    db.session.flush()


def forget(account: Account) -> None:
    """Delete what the account said as an agency."""
    db.session.execute(delete(Agency).where(Agency.account_id == account.id))


@account_erased.connect
def forget_erased(_sender: Any, *, account: Account, **_kwargs: Any) -> bool:
    """Nothing that is kept needs the agency."""
    forget(account)
    return False


def confirm(public_id: str, *, version: int, by: Actor, at: datetime) -> None:
    """The council has this agency; raises `NotFound`, and `AgencyReviewed` unless it waits in the
    `version` that was looked at."""
    agency = _waiting(public_id, version)
    agency.creci_state, agency.reviewed_at = CreciState.CONFIRMED, at
    record(Event.CRECI_CONFIRMED, by=by, account=public_id)
    notify("registration_creci_confirmed", to=agency.account.recipient, priority=Priority.NOTICE)
    db.session.flush()


def refuse(public_id: str, *, version: int, reason: str, by: Actor, at: datetime) -> None:
    """It has not, or not so; raises what `confirm` raises. `reason` is told to the person."""
    agency = _waiting(public_id, version)
    agency.creci_state, agency.reviewed_at = CreciState.REFUSED, at
    agency.refusal = reason
    record(Event.CRECI_REFUSED, by=by, account=public_id, reason=reason)
    notify(
        "registration_creci_refused",
        to=agency.account.recipient,
        priority=Priority.NOTICE,
        text=reason,
    )
    db.session.flush()


def _waiting(public_id: str, version: int) -> Agency:
    agency = get(public_id, lock=True)
    if agency.creci_state is not CreciState.WAITING or agency.version != version:
        raise AgencyReviewed
    return agency
