"""The code that a device shows and a person types (RFC 8628 section 6.1): easy to read aloud, no
word in it, no letter that looks like a digit."""

import secrets

from idp import sealing

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8  # of 20 letters: 34 bits, with tries limited by person and by network
HALF = LENGTH // 2


def new() -> str:
    """As it is shown: `WDJB-MJHT`."""
    return shown("".join(secrets.choice(LETTERS) for _ in range(LENGTH)))


def read(typed: str) -> str | None:
    """The code that was typed, in either case, with or without the dash; None if it is none."""
    letters = "".join(each for each in typed.upper() if each.isalnum())
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
        return None
    return shown(letters)


def shown(letters: str) -> str:
    """In two halves."""
    return f"{letters[:HALF]}-{letters[HALF:]}"


def digest(code: str) -> bytes:
    """What the database keeps of it: keyed, for a plain hash could be tried out."""
    return sealing.keyed_digest("user_code", code)
