"""Mail: an outbox written with the change it tells of, and its delivery by the worker."""

from idp.mail.models import Priority
from idp.mail.services import CHANNEL, Recipient, notify

__all__ = ["CHANNEL", "Priority", "Recipient", "notify"]
