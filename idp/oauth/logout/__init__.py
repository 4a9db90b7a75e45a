"""Signing out: asked for by an application (RP-Initiated Logout 1.0), told to all of them
(Back-Channel Logout 1.0)."""

from flask import Flask

from idp import metrics
from idp.oauth.logout import notices  # noqa: F401 - it hears of ended sessions
from idp.oauth.logout.gauges import NOTICES


def init_app(app: Flask) -> None:
    """Publish the figures of what applications have not been told yet."""
    metrics.publish(app, NOTICES)
