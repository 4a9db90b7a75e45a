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
from idp.invitations.models import InvitationDraft
from idp.invitations.selection import EVERY_SEGMENT, Shown
from idp.registry.models import Installation, InstallationStatus
from idp.taxids import TaxId

GUEST_ANSWERS = ("guest_name", "guest_tax_id", "guest_email", "level", "ends_on")


class Step(StrEnum):
    """The pages of the wizard, in order; each is the last part of its address."""

    HOLDER = "holder"
    SEGMENT = "segment"
    INSTALLATIONS = "installations"
    GUEST = "guest"
    CHECK = "check"


def begin(
    account: Account, holder: TaxId, *, at: datetime, preselected: Installation | None = None
) -> InvitationDraft:
    """A new draft for a holder that `account` may act for; raises `NotFound` for any other."""
    parties.check_may_act_for(account, holder, at)
    draft = InvitationDraft(
        public_id=new_public_id("d"),
        account_id=account.id,
        holder_tax_id=holder,
        segment=None,
        search="",
        shown=Shown.ALL,
        choice="",
        installation_ids=[],
        version=1,
        created_at=at,
        **dict.fromkeys(GUEST_ANSWERS, ""),
    )
    if len(parties.segments_of(holder)) > 1:
        draft.segment = preselected.segment if preselected else ""
    if preselected is not None and preselected.status is InstallationStatus.ACTIVE:
        draft.installation_ids = [preselected.id]
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


def record_holder(draft: InvitationDraft, account: Account, holder: TaxId, at: datetime) -> None:
    """Change the holder; what was chosen for another one is forgotten."""
    parties.check_may_act_for(account, holder, at)
    if holder == draft.holder_tax_id:
        return
    draft.holder_tax_id = holder
    draft.segment = "" if len(parties.segments_of(holder)) > 1 else None
    draft.installation_ids = []
    _changed(draft)


def record_segment(draft: InvitationDraft, segment: str) -> None:
    """Narrow the list of installations; those chosen in another segment are forgotten."""
    if segment == draft.segment:
        return
    if segment != EVERY_SEGMENT:
        draft.installation_ids = []
    draft.segment = segment
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


def steps_of(draft: InvitationDraft | None) -> list[Step]:
    """The steps that this draft has; before it is begun, those that every draft has."""
    asked = draft is not None and draft.segment is not None
    return [step for step in Step if asked or step is not Step.SEGMENT]


def _changed(draft: InvitationDraft) -> None:
    draft.version += 1
    db.session.flush()
