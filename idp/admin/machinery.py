"""Read what operators look after, and put a mail that was given up back into the queue."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from idp.admin.newest import Newest, newest, way
from idp.audit import Actor, Event, record
from idp.errors import NotFound
from idp.extensions import db
from idp.listener import announce
from idp.mail import CHANNEL
from idp.mail.models import Mail
from idp.oauth.models import Client, SigningKey


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair and what it is for: `next`, `signing`, `published` or `retired`."""

    key: SigningKey
    state: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """How many mails wait, and since when the first of them; None: nothing waits."""

    waiting: int
    oldest: datetime | None


def clients(*, before: int | None = None) -> Newest[Client]:
    """Applications, the newest first."""
    return newest(Client, [way(Client.id)], before=before)


def get_client(client_id: str) -> Client:
    """Raises NotFound."""
    found = db.session.scalar(select(Client).where(Client.client_id == client_id))
    if found is None:
        raise NotFound
    return found


def keys(at: datetime) -> list[Key]:
    """All key pairs, the newest first: a handful, so all of them."""
    found = db.session.scalars(
        select(SigningKey).order_by(SigningKey.active_at.desc(), SigningKey.kid.desc())
    ).all()
    signing: dict[str, str] = {}
    for key in found:
        if key.active_at <= at and (key.retired_at is None or key.retired_at > at):
            signing.setdefault(key.algorithm, key.kid)
    return [Key(key, _state(key, signing, at)) for key in found]


def _state(key: SigningKey, signing: dict[str, str], at: datetime) -> str:
    if key.retired_at is not None and key.retired_at <= at:
        return "retired"
    if key.active_at > at:
        return "next"
    return "signing" if signing.get(key.algorithm) == key.kid else "published"


def outbox() -> Outbox:
    """Read from the partial index of what is due."""
    waiting, oldest = db.session.execute(
        select(func.count(), func.min(Mail.created_at)).where(
            Mail.sent_at.is_(None), Mail.failed_at.is_(None)
        )
    ).one()
    return Outbox(waiting, oldest)


def failed_mails(*, before: int | None = None) -> Newest[Mail]:
    """Those that were given up, the newest first."""
    return newest(Mail, [way(Mail.id, Mail.failed_at.is_not(None))], before=before)


def retry(message_id: str, *, by: Actor, at: datetime) -> None:
    """Have the worker try once more at once; raises NotFound unless it was given up."""
    revived = db.session.execute(
        update(Mail)
        .where(Mail.message_id == message_id, Mail.failed_at.is_not(None), Mail.sent_at.is_(None))
        .values(failed_at=None, due_at=at)
        .returning(Mail.template)
    ).first()
    if revived is None:
        raise NotFound
    record(Event.MAIL_RETRIED, by=by, mail=message_id, template=revived.template)
    announce(CHANNEL)
