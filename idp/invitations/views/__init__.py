"""Pages of this feature: the wizard, what was sent, what the guest sees."""

from flask import Blueprint

blueprint = Blueprint("invitations", __name__)

from idp.invitations.views import guest, lists, selecting, sending, sent, wizard  # noqa: E402

__all__ = ["blueprint", "guest", "lists", "selecting", "sending", "sent", "wizard"]
