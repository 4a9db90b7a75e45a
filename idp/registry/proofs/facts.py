"""What is kept of the facts of a contract, and the look-up of one that somebody typed.

A fact such as four digits has so few values that a plain hash gives it away. Kept is an HMAC with
the deployment's key, over the kind and the holder too: a copy of the database tells nothing, not
even which customers have the same bank account, and a fact proves one tax id alone.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import exists, select

from idp import sealing
from idp.extensions import db
from idp.registry.models import ContractFact, FactKind
from idp.registry.proofs import canonical
from idp.taxids import TaxId

LENGTH = 16  # bytes of the HMAC: no two facts meet by chance, and there are millions of rows
CANONICAL: Mapping[FactKind, Callable[[str], str]] = {
    FactKind.CONTRACT_NUMBER: canonical.contract_number,
    FactKind.BANK_DIGITS: canonical.bank_digits,
    FactKind.INVOICE_TOTAL: canonical.invoice_total,
}


def fingerprint(kind: FactKind, holder: TaxId | str, value: str) -> bytes:
    """All that is kept of a fact; `value` is canonical, `holder` the canonical tax id."""
    return sealing.keyed_digest("contract_facts", f"{kind}:{holder}:{value}")[:LENGTH]


def is_known(kind: FactKind, tax_id: TaxId, typed: str) -> bool:
    """Whether `typed` is a fact of a contract that stands in the name of `tax_id`.

    One look-up in one index, whether it is no such fact at all, unknown, another's or theirs.
    """
    try:
        value = CANONICAL[kind](typed)
    except canonical.Unreadable:
        value = ""  # which no fact is
    found = exists().where(ContractFact.fingerprint == fingerprint(kind, tax_id, value))
    return bool(db.session.scalar(select(found)))
