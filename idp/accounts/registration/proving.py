"""What people can know of a contract to show that they are its holder, and what that is worth.

Guessing is limited in tries, for each tax id and for each network address.
"""

from collections.abc import Callable, Mapping

from flask import current_app

from idp.accounts import limits
from idp.accounts.models import Assurance
from idp.taxids import TaxId

# By the form's field: each tells whether what was typed there is a fact of this party's contract.
# Features above this one fill it at start: the registry knows contracts.
proofs: dict[str, Callable[[TaxId, str], bool]] = {}


def assurance_of(
    tax_id: TaxId, facts: Mapping[str, str], *, is_signed_in: bool = False
) -> Assurance:
    """What the typed `facts`, by form field, are worth; raises `TooManyAttempts` on guessing.

    One try is counted however many facts there are, and none when nothing was typed. Every fact is
    looked up whatever the others said, so that time doesn't tell which of them was right. Facts
    that the market doesn't take as a proof are worth nothing.
    """
    taken = current_app.config["PROFILE"].proofs
    typed = {name: text for name, text in facts.items() if text and name in taken}
    if not typed:
        return Assurance.DECLARED
    limits.proof(tax_id, typed, is_signed_in=is_signed_in)
    answers = [name in proofs and proofs[name](tax_id, text) for name, text in typed.items()]
    return Assurance.PROVEN if any(answers) else Assurance.DECLARED
