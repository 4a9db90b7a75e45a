"""From customer to agency and back, later, from the account page."""

from collections.abc import Mapping
from datetime import datetime

from idp import terms
from idp.accounts import locking
from idp.accounts.models import Account, AccountKind
from idp.accounts.registration import agencies
from idp.audit import Event, record
from idp.extensions import db
from idp.mail import Priority, notify
from idp.terms import Terms


def to_agency(account: Account, answers: Mapping[str, str], *, locale: str, at: datetime) -> None:
    """Make it an agency, or keep what an agency now says of itself; its statement is accepted with
    it, in `locale` (a language tag)."""
    locking.hold(account)
    locking.check_unlocked(account)
    agencies.state(account, answers, at=at)
    terms.accept(Terms.AGENCY, account=account.public_id, locale=locale, at=at)
    if account.kind is AccountKind.AGENCY:
        record(Event.AGENCY_STATED, by=account.actor, account=account.public_id)
    else:
        _become(account, AccountKind.AGENCY)


def to_customer(account: Account) -> None:
    """Make it a customer, and forget what it said as an agency."""
    locking.hold(account)
    locking.check_unlocked(account)
    if account.kind is not AccountKind.CUSTOMER:
        agencies.forget(account)
        _become(account, AccountKind.CUSTOMER)


def _become(account: Account, kind: AccountKind) -> None:
    account.kind = kind
    record(
        Event.ACCOUNT_KIND_CHANGED,
        by=account.actor,
        account=account.public_id,
        account_kind=kind.value,
    )
    notify(
        "registration_kind_changed",
        to=account.recipient,
        priority=Priority.NOTICE,
        kind=kind.value,
    )
    db.session.flush()
