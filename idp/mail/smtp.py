"""Speak to the mail server: one connection for a batch, errors sorted by what can be done."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from typing import Self
from urllib.parse import unquote, urlsplit

from idp.mail.errors import Postponed, Refused, ServerUnavailable

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TIMEOUT_SECONDS = 15
SERVICE_CLOSING = 421  # RFC 5321 section 3.8
PERMANENT = 500


@dataclass(frozen=True, slots=True, repr=False)
class Server:
    """Where mail goes: `smtp://host`, `smtp+starttls://user:password@host` or `smtps://…`."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read SMTP_URL; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("SMTP_URL: smtp://, smtp+starttls:// or smtps:// and a host")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def connect(self, local_hostname: str) -> smtplib.SMTP:
        """A connection, encrypted and signed in as the address asks; raises `ServerUnavailable`.

        A wrong password is the operator's to mend, so it counts as unavailable: mails wait.
        """
        try:
            return self._connect(local_hostname)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnavailable(type(error).__name__) from error

    def _connect(self, local_hostname: str) -> smtplib.SMTP:
        connection: smtplib.SMTP
        place = (self.host, self.port, local_hostname)
        if self.scheme == "smtps":
            context = ssl.create_default_context()
            connection = smtplib.SMTP_SSL(*place, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(*place, timeout=TIMEOUT_SECONDS)
        if self.scheme == "smtp+starttls":
            connection.starttls(context=ssl.create_default_context())
        if self.user:
            connection.login(self.user, self.password)
        return connection


class Postman:
    """Sends messages one after the other over one connection, which `rest` closes."""

    def __init__(self, server: Server, local_hostname: str) -> None:
        self._server = server
        self._local_hostname = local_hostname
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Hand `message` over; raises `ServerUnavailable`, `Postponed` or `Refused`."""
        _send(message, self._living_connection())

    def _living_connection(self) -> smtplib.SMTP:
        """The connection in use if it still answers, else a new one.

        Servers drop a connection after a while or a number of mails. Asking first means that a
        mail is never sent twice because it is unclear how far the first try came.
        """
        if self._connection is not None and not _answers(self._connection):
            self.rest()
        if self._connection is None:
            self._connection = self._server.connect(self._local_hostname)
        return self._connection

    def rest(self) -> None:
        """Close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] < SERVICE_CLOSING
    except (OSError, smtplib.SMTPException):
        return False


def _send(message: Message, connection: smtplib.SMTP) -> None:
    try:
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, _text = next(iter(error.recipients.values()))
        raise _sorted_out(code) from error
    except smtplib.SMTPSenderRefused as error:
        # Our own address is refused: true for every mail, and the operator's to mend.
        raise Postponed(f"sender_{error.smtp_code}") from error
    except smtplib.SMTPResponseException as error:
        raise _sorted_out(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:  # cut off in the middle, a time-out
        raise Postponed("disconnected") from error


def _sorted_out(code: int) -> Postponed:
    return Refused(f"smtp_{code}") if code >= PERMANENT else Postponed(f"smtp_{code}")
