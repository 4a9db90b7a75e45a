"""Mail: an outbox written with the change it tells of, and its delivery by the worker."""

from flask import Flask

from idp import metrics
from idp.mail.gauges import OUTBOX
from idp.mail.models import Priority
from idp.mail.services import CHANNEL, Recipient, notify, pretend

__all__ = ["CHANNEL", "Priority", "Recipient", "init_app", "notify", "pretend"]


def init_app(app: Flask) -> None:
    """Publish the outbox's figures at `/metrics`."""
    metrics.publish(app, OUTBOX)
