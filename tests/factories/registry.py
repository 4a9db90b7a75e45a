"""Holders and installations for tests."""

import itertools

from idp import clock
from idp.extensions import db
from idp.registry.models import (
    ContractFact,
    FactKind,
    Holder,
    Installation,
    InstallationStatus,
)
from idp.registry.proofs.facts import fingerprint
from idp.taxids import TaxId

_codes = itertools.count(3001234567)

MARIA = "br:cpf:52998224725"


def a_holder(tax_id: TaxId | str = MARIA, name: str = "Maria da Silva") -> Holder:
    """The holder of this tax id, made when the registry does not know it yet."""
    key = _tax_id(tax_id)
    holder = db.session.get(Holder, key)
    if holder is None:
        holder = Holder(
            tax_id=key, name=name, installation_count=0, version=0, updated_at=clock.now()
        )
        db.session.add(holder)
        db.session.commit()
    return holder


def an_installation(
    holder: TaxId | str = MARIA, code: str | None = None, **changes: object
) -> Installation:
    """One installation in the name of `holder`, whose counters follow."""
    party = a_holder(holder)
    installation = _installation(party, code, **changes)
    party.installation_count += 1
    party.version += 1
    db.session.add(installation)
    db.session.commit()
    return installation


def holdings(holder: TaxId | str, count: int, **changes: object) -> list[Installation]:
    """`count` installations in the name of `holder`, in the order of their codes."""
    party = a_holder(holder)
    installations = [_installation(party, None, **changes) for _ in range(count)]
    party.installation_count += count
    party.version += 1
    db.session.add_all(installations)
    db.session.commit()
    return installations


def _installation(holder: Holder, code: str | None, **changes: object) -> Installation:
    values: dict[str, object] = {
        "distributor": "elektro",
        "code": code or str(next(_codes)),
        "holder_tax_id": holder.tax_id,
        "address": "Rua das Flores, 10",
        "city": "Campinas",
        "state": "SP",
        "postal_code": "13010-000",
        "segment": "low_voltage",
        "status": InstallationStatus.ACTIVE,
        "updated_at": clock.now(),
    }
    return Installation(**{**values, **changes}, holder=holder)


def _tax_id(tax_id: TaxId | str) -> TaxId:
    return tax_id if isinstance(tax_id, TaxId) else TaxId.parse_canonical(tax_id)


def a_fact(installation: Installation, kind: FactKind, value: str) -> ContractFact:
    """What an import keeps of a fact of the installation's holder; `value` is canonical."""
    fact = ContractFact(
        installation_id=installation.id,
        kind=kind,
        fingerprint=fingerprint(kind, installation.holder_tax_id, value),
    )
    db.session.add(fact)
    db.session.commit()
    return fact
