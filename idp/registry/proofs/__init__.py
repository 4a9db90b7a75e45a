"""Proofs of ownership: what somebody knows of a contract shows that they are its holder (B8).

Each proof is a function of the tax id and of what was typed, with one look-up in one index. Which
ones a market takes stands in its profile.
"""

from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy import exists, select

from idp.extensions import db
from idp.registry.models import FactKind, Installation
from idp.registry.proofs.canonical import MAXIMUM_TYPED
from idp.registry.proofs.facts import is_known
from idp.taxids import TaxId

INSTALLATION_CODE = "installation_code"


def holds(tax_id: TaxId, code: str) -> bool:
    """Whether an installation with this code stands in the name of `tax_id`."""
    typed = "".join(code.split()).replace("\x00", "")[:MAXIMUM_TYPED]
    found = exists(Installation.id).where(
        Installation.code.in_((typed, typed.upper())), Installation.holder_tax_id == tax_id
    )
    return bool(db.session.scalar(select(found)))


PROOFS: Mapping[str, Callable[[TaxId, str], bool]] = {  # by the field of a form
    INSTALLATION_CODE: holds,
    **{kind.value: partial(is_known, kind) for kind in FactKind},
}
