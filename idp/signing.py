"""Signed links: each names a row that can be used once, and a purpose it can't be moved from.

The signature is deterministic, so a link can be written again for its row at any time (the worker
does so when it renders a mail) and no link is ever stored.
"""

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer


def sign(purpose: str, reference: str) -> str:
    """A URL-safe token for `reference` that `unsign` accepts for this purpose only."""
    return str(_serializer(purpose).dumps(reference))


def unsign(purpose: str, token: str) -> str | None:
    """The reference inside, or None if the token is not ours or is meant for something else."""
    try:
        reference = _serializer(purpose).loads(token)
    except BadData:
        return None
    return reference if isinstance(reference, str) else None


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"outorga.{purpose}")
