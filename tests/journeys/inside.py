"""What a journey finds prepared, and time that passes: done inside the service, without a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import update

from config import Settings
from demo import settings
from demo.people import Customer
from demo.stack import Stack
from idp import clock, create_app
from idp.accounts.models import Account
from idp.accounts.recovery.factor_removals import carry_out_due
from idp.accounts.recovery.models import EmailChange, FactorRemoval, Origin
from idp.extensions import db, transaction
from tests.factories.accounts import an_account

DAY = timedelta(days=1)


@contextmanager
def inside(stack: Stack) -> Iterator[None]:
    """The service of `stack` in this process, with its database and its keys."""
    environment = settings.provider(stack.home, stack.ports, stack.secrets, stack.profile)
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def an_account_of(customer: Customer) -> Account:
    """One that `customer` reads in English, committed."""
    return an_account(customer.party, customer.name, customer.email)


def a_day_passes(stack: Stack) -> None:
    """For what staff entered; what has come due by that is carried out."""
    removals = update(FactorRemoval).where(FactorRemoval.done_at.is_(None))
    changes = update(EmailChange).where(EmailChange.origin == Origin.STAFF)
    with inside(stack), transaction():
        db.session.execute(removals.values(_a_day_ago(FactorRemoval, "created_at", "due_at")))
        moments = ("created_at", "opens_at", "expires_at", "undo_until")
        db.session.execute(changes.values(_a_day_ago(EmailChange, *moments)))
        while carry_out_due(clock.now()):
            pass


def _a_day_ago(model: type[FactorRemoval | EmailChange], *moments: str) -> dict[str, object]:
    return {name: getattr(model, name) - DAY for name in moments}
