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


def sign_in(identifier: TaxId | str, *, device: bytes | None = None) -> None:
    """Count a try to sign in with a tax id or an address; raises `TooManyAttempts`.

    `device` is a browser in which that very account has signed in before: its tries are counted by
    themselves, so that nobody else can use them up. Those of strangers are counted by network, by
    network and identifier, and by identifier wherever they come from. They are not counted by
    account: that would show that a tax id and an address are the same person's.
    """
    if device is not None:
        _sign_in_by_device().hit(f"{identifier}@{device.hex()}")
        return
    network = client_network()
    hit(
        (_limit("sign_in.address", "SIGN_IN_ATTEMPTS_PER_ADDRESS", seconds=1), network),
        (_sign_in_by_network(), f"{identifier}@{network}"),
        (_limit("sign_in.anywhere", "SIGN_IN_ATTEMPTS_FROM_ANYWHERE", seconds=30), str(identifier)),
    )


def forgive_sign_in(identifier: TaxId | str, *, device: bytes | None = None) -> None:
    """Forget the tries of somebody who then knew the password: their own, and no stranger's."""
    if device is not None:
        _sign_in_by_device().forgive(f"{identifier}@{device.hex()}")
    else:
        _sign_in_by_network().forgive(f"{identifier}@{client_network()}")


def confirmation(session: str) -> None:
    """Count a try to confirm the password in this session (a public id), where only its owner
    can; raises `TooManyAttempts`."""
    _confirmation_by_session().hit(session)


def forgive_confirmation(session: str) -> None:
    """Forget the tries of somebody who then knew the password."""
    _confirmation_by_session().forgive(session)


def mail(*, tax_id: TaxId | None = None, email: str = "") -> None:
    """Count a request that makes us write to somebody; raises `TooManyAttempts`."""
    _limit("form.address", "FORMS_PER_ADDRESS", seconds=20).hit(client_network())
    by_person = _limit("mail", "MAILS_PER_ADDRESS", seconds=300)
    for subject in (str(tax_id or ""), _mailbox(email)):
        if subject:
            by_person.hit(subject)


def page() -> None:
    """Count a page that is kept, or whose password is hashed; raises `TooManyAttempts`."""
    _limit("page.address", "FORMS_PER_ADDRESS", seconds=5).hit(client_network())


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


def factor(account: str) -> None:
    """Count a code of this account (a public id); raises `TooManyAttempts`.

    Who gets here knows the password. Passkeys can't be guessed, so their owner is never kept out.
    """
    hit(
        (_limit("factor.address", "SIGN_IN_ATTEMPTS_PER_ADDRESS", seconds=1), client_network()),
        (_factor_by_account(), account),
    )


def forgive_factor(account: str) -> None:
    """Forget the tries of somebody who then had the right code."""
    _factor_by_account().forgive(account)


def passkey() -> None:
    """Count a question to a passkey, or its answer; raises `TooManyAttempts`."""
    _limit("passkey.address", "SIGN_IN_ATTEMPTS_PER_ADDRESS", seconds=1).hit(client_network())


def export(account: str) -> None:
    """Count a download of all that is held on this account (a public id); raises
    `TooManyAttempts`."""
    _limit("export", "EXPORTS_PER_ACCOUNT", seconds=HOUR).hit(account)


def _factor_by_account() -> Limit:
    return _limit("factor.account", "FACTOR_ATTEMPTS_PER_IDENTIFIER", seconds=300)


def _sign_in_by_network() -> Limit:
    return _limit("sign_in.network", "SIGN_IN_ATTEMPTS_PER_IDENTIFIER", seconds=30)


def _sign_in_by_device() -> Limit:
    return _limit("sign_in.device", "SIGN_IN_ATTEMPTS_PER_IDENTIFIER", seconds=30)


def _confirmation_by_session() -> Limit:
    return _limit("confirmation.session", "SIGN_IN_ATTEMPTS_PER_IDENTIFIER", seconds=30)


def _limit(name: str, setting: str, *, seconds: int) -> Limit:
    return Limit(name, current_app.config[setting], timedelta(seconds=seconds))


def _mailbox(email: str) -> str:
    """The address without its tag: what goes to `maria+1@` and to `maria+2@` fills one inbox."""
    local, at, domain = email.partition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
