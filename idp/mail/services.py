"""Put a mail into the outbox."""

from dataclasses import dataclass
from typing import Any

from idp import clock
from idp.extensions import db
from idp.identifiers import public_id
from idp.listener import announce
from idp.mail.models import Mail, Priority

CHANNEL = "mail_queued"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a mail goes to, and the language tag (`pt-BR`) they read."""

    name: str
    address: str
    locale: str


def notify(
    template: str, *, to: Recipient, priority: Priority = Priority.NOTICE, **context: Any
) -> None:
    """Queue `templates/mail/<template>/` for `to`, in the caller's transaction.

    Nobody is written to who has no address: theirs went with an erased account.

    `context` becomes the template's variables through JSON: names, public ids, ISO 8601 times.
    Links are not among them; the template signs them with `link(...)` from the ids.
    """
    if to.address:
        _queue(template, to, priority, context)


def pretend() -> None:
    """Do the work of `notify` and undo it: where nobody is to be written to, the time that the
    answer takes must not tell so."""
    mail = _queue("account_exists", Recipient("", "", ""), Priority.NOTICE, {})
    db.session.delete(mail)
    db.session.flush()


def _queue(template: str, to: Recipient, priority: Priority, context: dict[str, Any]) -> Mail:
    at = clock.now()
    mail = Mail(
        message_id=public_id("m"),
        template=template,
        priority=priority,
        recipient_name=to.name,
        recipient_address=to.address,
        locale=to.locale,
        context=context,
        created_at=at,
        due_at=at,
    )
    db.session.add(mail)
    db.session.flush()
    announce(CHANNEL)
    return mail
