"""Build the message (RFC 5322) of an outbox row."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from flask import current_app

from idp.mail.errors import Refused
from idp.mail.models import Mail
from idp.mail.rendering import Rendered, one_line

MAXIMUM_NAME = 100


def build(mail: Mail, rendered: Rendered, *, at: datetime) -> EmailMessage:
    """Plain text and HTML; raises `Refused` when the recipient's address can't be written.

    The Message-ID comes from the row, so a second copy of the same mail is recognised as one.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = address(*parseaddr(current_app.config["MAIL_FROM"]))
    message["To"] = address(mail.recipient_name, mail.recipient_address)
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.message_id}@{urlsplit(current_app.config['ISSUER']).hostname}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
    message["Content-Language"] = mail.locale
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return message


def address(name: str, mailbox: str) -> Address:
    """`name <mailbox>`, whatever the name holds; raises `Refused` for an impossible mailbox."""
    try:
        return Address(one_line(name)[:MAXIMUM_NAME], addr_spec=mailbox)
    except (ValueError, IndexError) as error:
        raise Refused("malformed_address") from error
