"""Uploaded lists for tests."""

from collections.abc import Sequence

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db, transaction
from idp.invitations.bulk import checking, services
from idp.invitations.bulk.checking import Progress
from idp.invitations.bulk.kinds import Kind
from idp.invitations.bulk.models import Upload
from idp.invitations.models import InvitationDraft


def a_waiting_upload(
    draft: InvitationDraft,
    account: Account,
    content: bytes = b"3001234567\n",
    kind: Kind = Kind.CSV,
) -> Upload:
    """One that no worker has read, committed."""
    with transaction():
        return services.store(draft.public_id, account, kind=kind, content=content, at=clock.now())


def an_upload(draft: InvitationDraft, account: Account, codes: Sequence[str]) -> Upload:
    """A list of these numbers, read and compared, committed."""
    upload = a_waiting_upload(draft, account, "\n".join(codes).encode())
    return read_upload(upload)


def read_upload(upload: Upload, progress: Progress = lambda _read, _total: None) -> Upload:
    """`upload` as the worker leaves it, committed."""
    checking.check(upload, progress)
    checking.finish(upload, clock.now())
    db.session.commit()
    return upload
