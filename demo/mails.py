"""The mails that went through SMTP, read back from the Maildir."""

import hashlib
import mailbox
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True, slots=True)
class Delivered:
    """One mail as the inbox shows it; `text` is its plain part."""

    name: str  # names it in the inbox's addresses
    message_id: str
    to: str
    subject: str
    at: datetime
    text: str


def read_all(directory: Path) -> list[Delivered]:
    """Every mail, newest first."""
    box = mailbox.Maildir(directory, create=True)
    found = [_read(box.get_bytes(key), _delivered_at(key)) for key in box.keys()]  # noqa: SIM118
    return sorted(found, key=lambda mail: mail.at, reverse=True)


def sent_to(recipient: str, directory: Path) -> list[Delivered]:
    """The mails whose recipient contains these characters, newest first; all when empty."""
    wanted = recipient.strip().lower()
    return [mail for mail in read_all(directory) if wanted in mail.to.lower()]


def paragraphs(text: str, issuer: str) -> list[Markup]:
    """`text` as HTML, split at its empty lines, with the issuer's addresses as links."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return [linked(block, issuer).replace("\n", Markup("<br>")) for block in blocks if block]


def linked(text: str, issuer: str) -> Markup:
    """`text` as HTML in which the issuer's addresses, and no others, can be clicked."""
    pieces, end = [], 0
    for match in ADDRESS.finditer(text):
        address = match.group()
        pieces.append(escape(text[end : match.start()]))
        if address == issuer or address.startswith(f"{issuer}/"):
            pieces.append(Markup('<a href="{0}">{0}</a>').format(address))
        else:
            pieces.append(escape(address))
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _read(content: bytes, at: datetime) -> Delivered:
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    plain = message.get_body(("plain",))
    message_id = str(message["Message-ID"] or "")
    return Delivered(
        name=hashlib.sha256(message_id.encode()).hexdigest()[:24],
        message_id=message_id,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=at,
        text=plain.get_content() if isinstance(plain, EmailMessage) else "",
    )


def _delivered_at(key: str) -> datetime:
    """Maildir names begin with the second and the microsecond of delivery."""
    seconds, rest = key.split(".", 2)[:2]
    micro = re.match(r"M(\d+)", rest)
    return datetime.fromtimestamp(int(seconds) + int(micro[1] if micro else 0) / 1e6, UTC)
