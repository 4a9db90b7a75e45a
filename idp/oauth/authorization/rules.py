"""What an authorization request needs next, decided without a database (OIDC Core 3.1.2.3-4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from authlib.oidc.core.errors import (
    ConsentRequiredError,
    InteractionRequiredError,
    LoginRequiredError,
)

from idp.oauth.errors import UnmetAuthenticationRequirements

SELECT_ACCOUNT = "select_account"  # where there are holders to pick from, it asks for one of them


class Step(Enum):
    """What to do with the person's browser."""

    SIGN_IN = auto()
    STEP_UP = auto()  # show a second factor, or set one up
    SELECT = auto()  # go on as this person, or as another one
    CHOOSE = auto()  # on whose behalf
    CONSENT = auto()
    ISSUE = auto()


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is there, and what was settled before."""

    authenticated_at: datetime | None  # of the browser's session; None: nobody is signed in
    asked_again_at: datetime | None  # when this very request sent the person to sign in; None: not
    names_person: bool  # the request says who it is to be, by id_token_hint or `sub`
    is_wanted_person: bool  # … and that is who is signed in; or it doesn't say
    lacks_factor: bool  # two factors are asked for, and the person showed one
    needs_factor: bool  # … and less won't do
    asked_factor: bool  # … and this very request sent the person to show it, who came back without
    chosen: bool  # this very request asked for an account or a holder, and the person chose
    may_pick: bool  # the application acts for one holder, and the person has a say in whom
    must_pick: bool  # … and there are several, none of whom was picked before
    consented: bool  # the client is trusted, or the person agreed to all of this before


def next_step(
    prompt: Collection[str], max_age: int | None, situation: Situation, *, at: datetime
) -> Step:
    """Raises login_required, interaction_required or consent_required when `prompt=none` forbids
    to ask, and unmet_authentication_requirements for somebody who came back without the factor.
    A holder is no account of the person's: account_selection_required is something else."""
    silent = "none" in prompt
    if not _is_signed_in(prompt, max_age, situation, at) or _is_another(situation, silent=silent):
        if silent:
            raise LoginRequiredError()
        return Step.SIGN_IN
    if situation.lacks_factor and _steps_up(situation, silent=silent):
        return Step.STEP_UP
    if silent:
        return _silently(situation)
    if (choice := _choice(prompt, situation)) is not None:
        return choice
    if situation.consented and "consent" not in prompt:
        return Step.ISSUE
    return Step.CONSENT


def _choice(prompt: Collection[str], situation: Situation) -> Step | None:
    """The page on which something is to be chosen. Who just signed in has chosen the account."""
    selects = SELECT_ACCOUNT in prompt and not situation.chosen
    if situation.may_pick:
        return Step.CHOOSE if situation.must_pick or selects else None
    return Step.SELECT if selects and not _has_just_signed_in(situation) else None


def _steps_up(situation: Situation, *, silent: bool) -> bool:
    """Whether to ask for the factor; raises where less won't do. A wish that can't be fulfilled is
    passed over (Core section 3.1.2.1)."""
    if not (silent or situation.asked_factor):
        return True
    if situation.needs_factor:
        raise InteractionRequiredError() if silent else UnmetAuthenticationRequirements()
    return False


def _silently(situation: Situation) -> Step:
    """Consent comes first: an application that the person never agreed to doesn't learn whether
    they act for several."""
    if not situation.consented:
        raise ConsentRequiredError()
    if situation.must_pick:
        raise InteractionRequiredError()
    return Step.ISSUE


def _is_signed_in(
    prompt: Collection[str], max_age: int | None, situation: Situation, at: datetime
) -> bool:
    """Whether there is a session, as new as the request wants it."""
    since = situation.authenticated_at
    if since is None:
        return False
    if _has_just_signed_in(situation):
        return True
    if "login" in prompt:
        return False
    return max_age is None or at - since <= timedelta(seconds=max_age)


def _is_another(situation: Situation, *, silent: bool) -> bool:
    """Whether somebody is signed in who won't do; raises login_required for one who just did.

    In silence an application that the person never agreed to isn't told whether they are the one it
    names: it could try one name after the other.
    """
    if silent and situation.names_person and not situation.consented:
        return True
    if situation.is_wanted_person:
        return False
    if _has_just_signed_in(situation) and not silent:
        raise LoginRequiredError("Somebody else is signed in.")
    return True


def _has_just_signed_in(situation: Situation) -> bool:
    """Whether this very request sent the person to sign in, and they did."""
    since, asked_again_at = situation.authenticated_at, situation.asked_again_at
    return since is not None and asked_again_at is not None and since >= asked_again_at
