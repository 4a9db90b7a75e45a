"""What was being added by an account that is erased."""

from typing import Any

from sqlalchemy import delete, select

from idp.accounts.models import Account
from idp.accounts.signals import account_erased
from idp.contacts.models import ContactDraft
from idp.extensions import db


def subscribe() -> None:
    """Hear of every account that is erased."""
    account_erased.connect(on_erased)


def on_erased(_sender: Any, *, account: Account, **_kwargs: Any) -> bool:
    """Forget its drafts; one that is being sent this moment is refused, and goes with its day."""
    drafts = select(ContactDraft.id).where(ContactDraft.account_id == account.id)
    free = drafts.with_for_update(skip_locked=True)
    db.session.execute(delete(ContactDraft).where(ContactDraft.id.in_(free)))
    return False
