"""How often things may be tried, by whom: the limits of the deployment's settings.

Everything is counted whether or not the person is known, so that a limit tells nothing either.
"""

from collections.abc import Collection
from datetime import timedelta

from flask import current_app

from config import market
from idp.client_address import client_network
from idp.rate_limits import Limit, hit
from idp.taxids import TaxId

HOUR = 3600
WEEK = 7 * 24 * HOUR


def sign_in(tax_id: TaxId) -> None:
    """Count a try to sign in; raises `TooManyAttempts`."""
    hit(
        (_limit("sign_in.address", "SIGN_IN_ATTEMPTS_PER_ADDRESS", seconds=1), client_network()),
        (_sign_in_by_identifier(), str(tax_id)),
    )


def forgive_sign_in(tax_id: TaxId) -> None:
    """Forget the tries of somebody who then knew the password."""
    _sign_in_by_identifier().forgive(str(tax_id))


def mail(*, tax_id: TaxId | None = None, email: str = "") -> None:
    """Count a request that makes us write to somebody; raises `TooManyAttempts`."""
    _limit("form.address", "FORMS_PER_ADDRESS", seconds=20).hit(client_network())
    by_person = _limit("mail", "MAILS_PER_ADDRESS", seconds=300)
    for subject in (str(tax_id or ""), _mailbox(email)):
        if subject:
            by_person.hit(subject)


def proof(tax_id: TaxId, facts: Collection[str] = (), *, is_signed_in: bool = False) -> None:
    """Count a try to prove that a tax id is one's own; raises `TooManyAttempts`.

    It is one try whatever the number of `facts` (some of `market.PROOFS`). Those that can be
    guessed have limits of their own besides, one of them for everybody together. Somebody who is
    signed in has tries that strangers, who may type any tax id into a form, can't use up.
    """
    door = "account" if is_signed_in else "tax_id"
    attempts = [
        (_limit("proof.address", "PROOFS_PER_ADDRESS", seconds=600), client_network()),
        (_limit(f"proof.{door}", "PROOFS_PER_TAX_ID", seconds=HOUR), str(tax_id)),
    ]
    if not market.GUESSABLE_PROOFS.isdisjoint(facts):
        attempts += [
            (_limit("guess.address", "GUESSES_PER_ADDRESS", seconds=1800), client_network()),
            (_limit(f"guess.{door}", "GUESSES_PER_TAX_ID", seconds=WEEK), str(tax_id)),
            (_limit("guess", "GUESSES_PER_DEPLOYMENT", seconds=30), ""),
        ]
    hit(*attempts)


def _sign_in_by_identifier() -> Limit:
    return _limit("sign_in.identifier", "SIGN_IN_ATTEMPTS_PER_IDENTIFIER", seconds=30)


def _limit(name: str, setting: str, *, seconds: int) -> Limit:
    return Limit(name, current_app.config[setting], timedelta(seconds=seconds))


def _mailbox(email: str) -> str:
    """The address without its tag: what goes to `maria+1@` and to `maria+2@` fills one inbox."""
    local, at, domain = email.partition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
