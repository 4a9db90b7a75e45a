"""Pages of this feature: the wizard, what was sent, what the guest sees."""

from flask import Blueprint

blueprint = Blueprint("invitations", __name__)

from idp.invitations.views import (  # noqa: E402
    choosing,
    guest,
    lists,
    naming,
    papers,
    protocol,
    selecting,
    sending,
    sent,
    uploaded,
    uploading,
    wizard,
)

__all__ = [
    "blueprint",
    "choosing",
    "guest",
    "lists",
    "naming",
    "papers",
    "protocol",
    "selecting",
    "sending",
    "sent",
    "uploaded",
    "uploading",
    "wizard",
]
