"""The draft behind the wizard: begun at the first step, answered step by step, sent once."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from idp.accounts.models import Account
from idp.errors import NotFound
from idp.extensions import db
from idp.identifiers import public_id as new_public_id
from idp.invitations import parties
from idp.invitations.conditions import Choice, Shown
from idp.invitations.models import InvitationDraft
from idp.invitations.selection import count_all_offerable
from idp.registry.models import Installation, InstallationStatus
from idp.taxids import TaxId

GUEST_ANSWERS = ("guest_name", "guest_tax_id", "guest_email", "level", "ends_on")


class Step(StrEnum):
    """The pages of the wizard, in order; each is the last part of its address."""

    SEGMENT = "segment"
    HOLDER = "holder"
    CHOICE = "choice"
    INSTALLATIONS = "installations"
    GUEST = "guest"
    CHECK = "check"


def begin(
    account: Account,
    holder: TaxId,
    *,
    segment: str | None = None,
    at: datetime,
    preselected: Installation | None = None,
) -> InvitationDraft:
    """A new draft for a holder that `account` may act for; raises `NotFound` for any other.

    `segment` is None where it was not asked. An installation that is chosen in advance answers
    which ones the invitation is about.
    """
    parties.check_may_act_for(account, holder, at)
    draft = InvitationDraft(
        public_id=new_public_id("d"),
        account_id=account.id,
        holder_tax_id=holder,
        segment=segment,
        search="",
        shown=Shown.ALL,
        choice=None,
        installation_ids=[],
        version=1,
        created_at=at,
        **dict.fromkeys(GUEST_ANSWERS, ""),
    )
    if preselected is not None and preselected.status is InstallationStatus.ACTIVE:
        draft.installation_ids = [preselected.id]
    elif _has_several(draft):
        draft.choice = ""
    db.session.add(draft)
    db.session.flush()
    return draft


def get_draft(public_id: str, account: Account, *, lock: bool = False) -> InvitationDraft:
    """This account's draft; raises `NotFound`, for somebody else's too. `lock` before changing."""
    query = select(InvitationDraft).where(
        InvitationDraft.public_id == public_id, InvitationDraft.account_id == account.id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    draft = db.session.scalar(query)
    if draft is None:
        raise NotFound
    return draft


def find_latest(account: Account) -> InvitationDraft | None:
    """The draft that this account began last and has not sent, to go on with."""
    return db.session.scalar(
        select(InvitationDraft)
        .where(InvitationDraft.account_id == account.id, InvitationDraft.invitation_id.is_(None))
        .order_by(InvitationDraft.id.desc())
        .limit(1)
    )


def record_segment(draft: InvitationDraft, segment: str) -> None:
    """Narrow what the invitation is about; what was chosen in another segment is forgotten."""
    if segment == draft.segment:
        return
    draft.segment = segment
    _begin_choice(draft)


def record_holder(draft: InvitationDraft, account: Account, holder: TaxId, *, at: datetime) -> None:
    """Change the holder; what was chosen for another one is forgotten."""
    parties.check_may_act_for(account, holder, at)
    if holder == draft.holder_tax_id:
        return
    draft.holder_tax_id = holder
    _begin_choice(draft)


def record_choice(draft: InvitationDraft, choice: Choice) -> None:
    """Keep how installations are chosen; those chosen one by one stay, in case of a way back."""
    if choice == draft.choice:
        return
    draft.choice = choice
    _changed(draft)


def record_list(draft: InvitationDraft, *, search: str, shown: Shown) -> None:
    """Keep which installations the list shows; that is no answer, so the version stays."""
    draft.search = search
    draft.shown = shown
    db.session.flush()


def record_guest(draft: InvitationDraft, answers: Mapping[str, str]) -> None:
    """Keep what was typed about the guest, as it was typed."""
    for name in GUEST_ANSWERS:
        setattr(draft, name, answers.get(name, ""))
    _changed(draft)


def steps_of(draft: InvitationDraft) -> list[Step]:
    """The steps that this draft has: nothing is asked that has one answer only."""
    skipped = set()
    if draft.segment is None:
        skipped.add(Step.SEGMENT)
    if draft.choice is None:
        skipped.add(Step.CHOICE)
    if draft.choice in (Choice.TODAY, Choice.EVERYTHING):
        skipped.add(Step.INSTALLATIONS)
    return [step for step in Step if step not in skipped]


def _begin_choice(draft: InvitationDraft) -> None:
    draft.installation_ids = []
    draft.choice = "" if _has_several(draft) else None
    _changed(draft)


def _has_several(draft: InvitationDraft) -> bool:
    with db.session.no_autoflush:
        return count_all_offerable(draft) > 1


def _changed(draft: InvitationDraft) -> None:
    draft.version += 1
    db.session.flush()
