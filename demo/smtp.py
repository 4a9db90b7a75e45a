"""The demo's mail server: real SMTP on the loopback address, delivering into a Maildir.

A message whose Message-ID was delivered before is accepted and dropped, as real receivers do: a
worker that dies between the server's answer and its own commit sends the same mail again.
"""

import asyncio
import mailbox
import signal
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 1_000_000  # bytes


class Deliver:
    """aiosmtpd's handler."""

    def __init__(self, directory: Path) -> None:
        self._box = mailbox.Maildir(directory, create=True)
        self._seen = {message["Message-ID"] for message in self._box}

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the message; 250 only when it is on disk."""
        content = envelope.original_content or b""
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.SMTP)
        self.deliver(message)
        return "250 OK"

    def deliver(self, message: EmailMessage) -> None:
        """Add `message`, unless its twin is here."""
        message_id = message["Message-ID"]
        if message_id and message_id in self._seen:
            return
        self._box.add(mailbox.MaildirMessage(message))
        self._seen.add(message_id)


async def serve(port: int, directory: Path) -> None:
    """Listen until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    handler = Deliver(directory)
    server = await loop.create_server(
        lambda: SMTP(handler, data_size_limit=LARGEST, enable_SMTPUTF8=True),
        "127.0.0.1",
        port,
    )
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
