"""Build the message (RFC 5322) of an outbox row.

Names go into headers as encoded words (RFC 2047) of our own making: the folding of Python's newer
`EmailMessage` can lose the quotes around a name, and with them the recipient.
"""

import re
from datetime import datetime
from email.charset import QP, Charset
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from flask import current_app

from idp.mail.errors import Refused
from idp.mail.models import Mail
from idp.mail.rendering import Rendered, one_line

MAXIMUM_NAME = 100
MAXIMUM_SUBJECT = 200
PLAIN = re.compile(r"[A-Za-z0-9 ]*")
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP


def build(mail: Mail, rendered: Rendered, *, at: datetime) -> Message:
    """Plain text and HTML; raises `Refused` when the recipient's address can't be written.

    The Message-ID comes from the row, so a second copy of the same mail is recognised as one.
    """
    message = MIMEMultipart("alternative")
    message["From"] = named(*parseaddr(current_app.config["MAIL_FROM"]))
    message["To"] = named(mail.recipient_name, mail.recipient_address)
    message["Subject"] = _words(rendered.subject, MAXIMUM_SUBJECT)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.message_id}@{urlsplit(current_app.config['ISSUER']).hostname}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
    message["Content-Language"] = mail.locale
    message.attach(_part("plain", rendered.text))
    message.attach(_part("html", rendered.html))
    return message


def named(name: str, mailbox: str) -> str:
    """`name <mailbox>`, whatever the name holds; raises `Refused` for an impossible mailbox."""
    words = _words(name, MAXIMUM_NAME)
    return f"{words} <{reachable(mailbox)}>" if words else f"<{reachable(mailbox)}>"


def _words(text: str, maximum: int) -> str:
    line = one_line(text)[:maximum]
    return line if PLAIN.fullmatch(line) else Header(line, UTF8).encode()


def reachable(mailbox: str) -> str:
    """The address in ASCII, as every mail server reads it; raises `Refused`."""
    try:
        parsed = Address(addr_spec=mailbox)
        domain = parsed.domain.encode("idna").decode()
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        raise Refused("malformed_address") from error
    if not parsed.username or not domain or parsed.addr_spec != mailbox:
        raise Refused("malformed_address")
    if not parsed.username.isascii():
        raise Refused("smtputf8_needed")  # RFC 6531
    return Address(username=parsed.username, domain=domain).addr_spec


def _part(subtype: str, text: str) -> Message:
    part = MIMENonMultipart("text", subtype)
    part.set_payload(text, UTF8)
    return part
