"""Nonces of ours (RFC 9449 sections 8 and 9): a proof with one was not made long ago, whatever the
clock of its maker says, and not in advance by somebody who held the key for a moment.

Nothing is kept: a nonce is a keyed hash of its minute, so that all workers agree on it.
"""

import hmac
from datetime import datetime

from idp import base64url, sealing

WINDOW = 60  # seconds in which the same one is given out; it is accepted in the next as well
PURPOSE = "dpop_nonce"


def current(at: datetime) -> str:
    """The one to give out now."""
    return _of(_window(at))


def is_fresh(nonce: str, *, at: datetime) -> bool:
    """Whether we gave it out in this window or the one before."""
    window = _window(at)
    given = nonce.encode()
    return any(hmac.compare_digest(given, _of(each).encode()) for each in (window, window - 1))


def _window(at: datetime) -> int:
    return int(at.timestamp()) // WINDOW


def _of(window: int) -> str:
    digest = sealing.keyed_digest(PURPOSE, str(window))
    return base64url.encoded(digest)
