"""What a new password must be: long, the market's kinds of characters, and not easily guessed.

Length first (NIST SP 800-63B-4 section 3.1.1): more where the password is all that is asked for
than beside a second factor. Kinds of characters only where a market's profile insists.
"""

from flask import current_app

from idp.accounts.passwords import guessing
from idp.accounts.passwords.errors import (
    PasswordCommon,
    PasswordGuessable,
    PasswordLacksClass,
    PasswordTooLong,
    PasswordTooShort,
)
from idp.accounts.passwords.hashing import MAXIMUM_LENGTH, normalised
from idp.taxids import TaxId

CLASSES = {"upper": str.isupper, "lower": str.islower, "digit": str.isdigit}


def check(password: str, *, tax_id: TaxId | None, email: str, name: str, has_factor: bool) -> None:
    """Raises a `PasswordRefused` unless this person may have this password.

    `tax_id` is None for members of staff. This takes some milliseconds: hold no connection to the
    database meanwhile.
    """
    check_form(password, has_factor=has_factor)
    typed = normalised(password)
    known = [email, name, current_app.config["BRAND_NAME"]]
    if tax_id is not None:
        known += [tax_id.value, tax_id.formatted, str(tax_id)]
    if guessing.is_made_of(typed, guessing.words_of(*known)):
        raise PasswordGuessable
    if guessing.is_easy(typed):
        raise PasswordCommon


def check_form(password: str, *, has_factor: bool) -> None:
    """What needs nobody's name: raises `PasswordTooLong`, `PasswordTooShort` or
    `PasswordLacksClass`."""
    if len(password) > MAXIMUM_LENGTH:
        raise PasswordTooLong(MAXIMUM_LENGTH)
    typed, minimum = normalised(password), minimum_length(has_factor=has_factor)
    if len(typed) < minimum:
        raise PasswordTooShort(minimum)
    for each in required_classes():
        if not any(map(CLASSES[each], typed)):
            raise PasswordLacksClass(each)


def minimum_length(*, has_factor: bool) -> int:
    """In characters; a second factor never asks for more."""
    alone: int = current_app.config["PASSWORD_MINIMUM_LENGTH"]
    return min(alone, current_app.config["PASSWORD_MINIMUM_WITH_FACTOR"]) if has_factor else alone


def required_classes() -> tuple[str, ...]:
    """The kinds of characters that this market insists on."""
    required: tuple[str, ...] = current_app.config["PROFILE"].passwords.required
    return required


def rules(*, has_factor: bool = False) -> str:
    """The same for password managers, which then propose one that is taken: the `passwordrules`
    attribute (https://developer.apple.com/password-rules/)."""
    parts = [f"minlength: {minimum_length(has_factor=has_factor)}", f"maxlength: {MAXIMUM_LENGTH}"]
    parts += [f"required: {each}" for each in required_classes()]
    return "; ".join(parts) + ";"
