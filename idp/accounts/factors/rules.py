"""Decisions about second factors: no database, no request, time passed in."""

from collections.abc import Collection

OTP = "otp"  # a code of an app, or of the person's paper (RFC 8176 section 2)
HARDWARE_KEY = "hwk"
SOFTWARE_KEY = "swk"

APP_CODE_DIGITS = 6
MAXIMUM_PASSKEYS = 20  # of one account
CODES = 10  # recovery codes are made in such sets
FEW_CODES = 3  # so many left are reason to make new ones
# Crockford's base32: nothing in it looks like anything else, and what does is read as meant.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LOOK_ALIKES = str.maketrans("ilo", "110")
CODE_LENGTH = 24  # characters of five bits; from 112 on a plain hash will do (ASVS 5.0 6.5.2)
GROUP = 4


def is_app_code(typed: str) -> bool:
    """Whether it can be an app's code; what else is typed is meant as a recovery code."""
    return typed.isascii() and typed.isdigit() and len(typed) == APP_CODE_DIGITS


def normalised_code(typed: str) -> str:
    """A recovery code as it was made, however it is written: capitals, dashes, look-alikes."""
    letters = "".join(each for each in typed.casefold() if each.isalnum())
    return letters.translate(LOOK_ALIKES)[: CODE_LENGTH + 1]


def grouped(code: str) -> str:
    """A recovery code as it is shown: `k7m2-9xqp-…`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def amr_of_passkey(*, synced: bool) -> str:
    """One that is copied between devices is kept by software, as far as anybody can tell."""
    return SOFTWARE_KEY if synced else HARDWARE_KEY


def is_copied(*, stored: int, seen: int) -> bool:
    """Whether the counter fell behind: two devices use the same key, and one of them is a thief's
    (WebAuthn section 6.1.1). Many passkeys don't count; theirs is 0 for ever."""
    return (stored > 0 or seen > 0) and seen <= stored


def together(shown: Collection[str], besides: str) -> list[str]:
    """The `amr` of what was shown before and what is shown now, each named once."""
    return list(dict.fromkeys([*shown, besides]))
