"""What an invitation already told of the person who is about to register, on this browser only."""

from flask import session as form_session

PREFILL = "prefill"


def prefill(name: str, email: str) -> None:
    """Let `/register` begin with these, on this browser only."""
    form_session[PREFILL] = {"name": name, "email": email}


def prefilled() -> dict[str, str]:
    """What `prefill` left for this browser."""
    found = form_session.get(PREFILL)
    return dict(found) if isinstance(found, dict) else {}
