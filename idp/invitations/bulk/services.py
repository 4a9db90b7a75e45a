"""What can be done with an uploaded list. Each flushes and leaves the commit to its caller."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, delete, select

from idp.accounts.models import Account
from idp.errors import NotFound
from idp.extensions import db
from idp.identifiers import public_id as new_public_id
from idp.invitations import drafts, selection
from idp.invitations.bulk.errors import HolderChanged
from idp.invitations.bulk.kinds import Kind
from idp.invitations.bulk.models import Finding, Upload, UploadedLine
from idp.invitations.conditions import Choice
from idp.invitations.models import InvitationDraft
from idp.listener import announce
from idp.rate_limits import Limit

CHANNEL = "installation_uploads"  # the worker listens
KEPT = 5  # uploads of one account: older ones make room


def count_attempt(account: Account) -> None:
    """Count a file that `account` sends or asks for; raises `TooManyAttempts`."""
    burst = current_app.config["BULK_FILES_PER_HOUR"]
    limit = Limit("invitation.bulk", burst, timedelta(hours=1) / burst)
    limit.hit(account.public_id)


def store(draft_id: str, account: Account, *, kind: Kind, content: bytes, at: datetime) -> Upload:
    """Keep a file that was looked at for the worker to read, and wake it."""
    draft = drafts.get_draft(draft_id, account)
    upload = Upload(
        public_id=new_public_id("u"),
        draft=draft,
        holder_tax_id=draft.holder_tax_id,
        segment=draft.segment,
        kind=kind,
        content=content,
        attempts=0,
        line_count=None,
        lines_read=0,
        findings={},
        problem="",
        created_at=at,
        finished_at=None,
    )
    _make_room(account)
    db.session.add(upload)
    db.session.flush()
    announce(CHANNEL)
    return upload


def get_upload(public_id: str, account: Account) -> Upload:
    """This account's upload; raises `NotFound`, for somebody else's too."""
    upload = db.session.scalar(_uploads_of(account).where(Upload.public_id == public_id))
    if upload is None:
        raise NotFound
    return upload


def discard(upload: Upload) -> None:
    """Forget it with all its lines; a worker that is reading it notices and stops."""
    db.session.execute(delete(Upload).where(Upload.id == upload.id))
    db.session.flush()


def choose(upload: Upload, account: Account, *, keep: bool) -> InvitationDraft:
    """Choose what was found fine and still is, besides what is chosen (`keep`) or in its place.

    Done twice it changes nothing. Raises `HolderChanged` when the draft is about others by now.
    """
    draft = drafts.get_draft(upload.draft.public_id, account, lock=True)
    if draft.invitation_id is not None:
        return draft
    if (draft.holder_tax_id, draft.segment) != (upload.holder_tax_id, upload.segment):
        raise HolderChanged
    found = select(UploadedLine.installation_id).where(
        UploadedLine.upload_id == upload.id, UploadedLine.finding == Finding.FINE
    )
    if draft.choice is not None:
        draft.choice = Choice.CHOSEN
    selection.choose_those(draft, found, keep=keep)
    return draft


def _uploads_of(account: Account) -> Select[Upload]:
    drafts_of = select(InvitationDraft.id).where(InvitationDraft.account_id == account.id)
    return select(Upload).where(Upload.draft_id.in_(drafts_of))


def _make_room(account: Account) -> None:
    """Only the latest few stay: nobody fills the disk with lists."""
    older = _uploads_of(account).with_only_columns(Upload.id).order_by(Upload.id.desc())
    db.session.execute(
        delete(Upload)
        .where(Upload.id.in_(older.offset(KEPT - 1)))
        .execution_options(synchronize_session=False)
    )
