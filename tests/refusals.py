"""What a check says to what it is asked."""

from collections.abc import Callable
from typing import ParamSpec

Asked = ParamSpec("Asked")


def refusal_of(
    check: Callable[Asked, object], *args: Asked.args, **kwargs: Asked.kwargs
) -> Exception | None:
    """What `check` raises; None: it lets that pass."""
    try:
        check(*args, **kwargs)
    except Exception as refusal:
        return refusal
    return None
