"""What an authorization request needs next, decided without a database (OIDC Core 3.1.2.3-4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError


class Step(Enum):
    """What to do with the person's browser."""

    SIGN_IN = auto()
    CONSENT = auto()
    ISSUE = auto()


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is there, and what was settled before."""

    authenticated_at: datetime | None  # of the browser's session; None: nobody is signed in
    asked_again_at: datetime | None  # when this very request sent the person to sign in; None: not
    is_hinted_person: bool  # no id_token_hint, or one of the person signed in
    consented: bool  # the client is trusted, or the person agreed to all of this before


def next_step(
    prompt: Collection[str], max_age: int | None, situation: Situation, *, at: datetime
) -> Step:
    """Raises login_required or consent_required when `prompt=none` forbids to ask."""
    silent = "none" in prompt
    if not _is_signed_in(prompt, max_age, situation, at):
        if silent:
            raise LoginRequiredError()
        return Step.SIGN_IN
    if not situation.is_hinted_person:
        raise LoginRequiredError("Somebody else is signed in.")
    if situation.consented and "consent" not in prompt:
        return Step.ISSUE
    if silent:
        raise ConsentRequiredError()
    return Step.CONSENT


def _is_signed_in(
    prompt: Collection[str], max_age: int | None, situation: Situation, at: datetime
) -> bool:
    """Whether there is a session, as new as the request wants it."""
    since = situation.authenticated_at
    if since is None:
        return False
    if situation.asked_again_at is not None and since >= situation.asked_again_at:
        return True
    if {"login", "select_account"} & set(prompt):
        return False
    return max_age is None or at - since <= timedelta(seconds=max_age)
