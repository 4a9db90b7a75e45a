"""What was answered so far: begun with the first page, kept a day for its author, sent once."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from idp.accounts.models import Account
from idp.contacts.models import ContactDraft
from idp.errors import NotFound
from idp.extensions import db
from idp.grants.models import Extent
from idp.identifiers import public_id as new_public_id
from idp.taxids import TaxId

PERSON = ("guest_name", "guest_tax_id", "guest_email")
ACCESS = ("relation", "level", "extent", "ends_on")


class Step(StrEnum):
    """The pages on which a collaborator is added, in order; each the last part of its address."""

    PERSON = "person"
    CLIENTS = "clients"
    ACCESS = "access"
    INSTALLATIONS = "installations"
    CHECK = "check"


def begin(
    account: Account,
    answers: dict[str, str],
    *,
    at: datetime,
    holder: TaxId | None = None,
    client_ids: Sequence[int] = (),
) -> ContactDraft:
    """A new draft with its first answers: a contact of `holder`, or a collaborator (None)."""
    unanswered = dict.fromkeys((*PERSON, *ACCESS, "search"), "")
    draft = ContactDraft(
        public_id=new_public_id("k"),
        account_id=account.id,
        holder_tax_id=holder,
        client_ids=list(client_ids),
        installation_ids=[],
        version=1,
        created_at=at,
        **{**unanswered, **answers},
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def get_contact(public_id: str, account: Account, *, lock: bool = False) -> ContactDraft:
    """This account's draft of a contact; raises `NotFound`. `lock` before changing."""
    draft = _get(public_id, account, lock=lock)
    if draft.holder_tax_id is None:
        raise NotFound
    return draft


def get_collaborator(public_id: str, account: Account, *, lock: bool = False) -> ContactDraft:
    """The same, of a collaborator."""
    draft = _get(public_id, account, lock=lock)
    if draft.holder_tax_id is not None:
        raise NotFound
    return draft


def record(draft: ContactDraft, **answers: Any) -> None:
    """Keep other answers, as they were typed."""
    for name, value in answers.items():
        setattr(draft, name, value)
    draft.version += 1
    db.session.flush()


def tick(chosen: Sequence[int], listed: Sequence[int], ticked: Sequence[int]) -> list[int]:
    """What is chosen when of the `listed` ones on a page exactly the `ticked` ones are."""
    wanted = set(listed) & set(ticked)
    return sorted({*chosen} - {*listed} | wanted)


def steps_of(draft: ContactDraft | None) -> list[Step]:
    """The steps that this draft has: installations are chosen for a single client alone."""
    single = draft is not None and draft.extent == Extent.CHOSEN and len(draft.client_ids) == 1
    return [step for step in Step if single or step is not Step.INSTALLATIONS]


def _get(public_id: str, account: Account, *, lock: bool) -> ContactDraft:
    query = select(ContactDraft).where(
        ContactDraft.public_id == public_id, ContactDraft.account_id == account.id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    draft = db.session.scalar(query)
    if draft is None:
        raise NotFound
    return draft
