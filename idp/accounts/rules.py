"""Decisions about registrations, links and passwords: no database, no request, time passed in."""

from datetime import datetime, timedelta

from idp.accounts.errors import LinkExpired, LinkUsed, PasswordGuessable
from idp.accounts.models import PasswordReset, Registration
from idp.taxids import TaxId

# A registration whose link has expired can still get a new one, until it is forgotten.
REMEMBERED = timedelta(days=7)


def check_activatable(registration: Registration, at: datetime) -> None:
    """Raises `LinkUsed` or `LinkExpired`."""
    if registration.activated_at is not None:
        raise LinkUsed
    if at >= registration.expires_at:
        raise LinkExpired


def check_usable(reset: PasswordReset, at: datetime) -> None:
    """Raises `LinkUsed` or `LinkExpired`; the link of a locked account opens nothing."""
    if reset.used_at is not None:
        raise LinkUsed
    if at >= reset.expires_at or reset.account.locked_at is not None:
        raise LinkExpired


def check_new_password(password: str, *, tax_id: TaxId, email: str) -> None:
    """Raises `PasswordGuessable` for the tax id or the address itself, however they are written."""
    typed = _letters_and_digits(password)
    if typed in {
        _letters_and_digits(tax_id.value),
        _letters_and_digits(str(tax_id)),
        _letters_and_digits(email),
    }:
        raise PasswordGuessable


def _letters_and_digits(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
