"""What is kept of a fact, and how one is looked up."""

import pytest
from flask import Flask
from sqlalchemy import text

from idp.extensions import db
from idp.registry.models import FactKind
from idp.registry.proofs import PROOFS
from idp.registry.proofs.facts import LENGTH, fingerprint
from idp.taxids import TaxId
from tests.factories.registry import a_fact, an_installation
from tests.statements import statements_sent

MARIA, JOAO = (TaxId.parse_canonical(f"br:cpf:{each}") for each in ("52998224725", "39053344705"))
TYPED = {
    FactKind.CONTRACT_NUMBER: ("LT2024004417", "lt-2024-004417"),
    FactKind.BANK_DIGITS: ("4321", "**** 4321"),
    FactKind.INVOICE_TOTAL: ("123456", "1.234,56 €"),
}


@pytest.mark.parametrize("kind", FactKind)
def test_a_fact_proves_its_holder_and_nobody_else(app: Flask, kind: FactKind) -> None:
    value, typed = TYPED[kind]
    a_fact(an_installation(MARIA), kind, value)
    assert PROOFS[kind](MARIA, typed)
    assert not PROOFS[kind](JOAO, typed)


@pytest.mark.parametrize("kind", FactKind)
def test_a_fact_of_one_kind_is_none_of_another(app: Flask, kind: FactKind) -> None:
    a_fact(an_installation(MARIA), kind, "4321")
    known = [each for each in FactKind if PROOFS[each](MARIA, "4321")]
    assert known == ([] if kind is FactKind.INVOICE_TOTAL else [kind])


@pytest.mark.parametrize("kind", FactKind)
@pytest.mark.parametrize("typed", ["", "\x00", "' OR 1=1 --", "9" * 10_000, "\ud800", "é"])
def test_whatever_is_typed_is_a_wrong_answer_at_worst(
    app: Flask, kind: FactKind, typed: str
) -> None:
    assert not PROOFS[kind](MARIA, typed)


@pytest.mark.parametrize("kind", FactKind)
def test_known_unknown_and_unreadable_take_the_same_query(app: Flask, kind: FactKind) -> None:
    value, typed = TYPED[kind]
    a_fact(an_installation(MARIA), kind, value)
    asked = []
    for party, what in ((MARIA, typed), (JOAO, typed), (MARIA, "1111"), (MARIA, "<b>")):
        with statements_sent() as seen:
            PROOFS[kind](party, what)
        asked.append(list(seen))
    assert len(asked[0]) == 1
    assert asked.count(asked[0]) == len(asked)


def test_a_look_up_reads_one_index(app: Flask) -> None:
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = db.session.execute(
        text("EXPLAIN SELECT EXISTS (SELECT FROM contract_facts WHERE fingerprint = '\\x00')")
    ).scalars()
    assert "ix_contract_facts_fingerprint" in " ".join(plan)


def test_a_copy_of_the_database_does_not_tell_four_digits(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand values are soon tried; without the key none of them fits."""
    kept = a_fact(an_installation(MARIA), FactKind.BANK_DIGITS, "0042").fingerprint
    assert len(kept) == LENGTH
    monkeypatch.setitem(app.config, "DATA_ENCRYPTION_KEY", "what the thief guesses the key to be")
    tried = (fingerprint(FactKind.BANK_DIGITS, MARIA, f"{each:04}") for each in range(10_000))
    assert kept not in set(tried)


def test_who_shares_a_bank_account_can_not_be_told_by_what_is_kept(app: Flask) -> None:
    values = {fingerprint(FactKind.BANK_DIGITS, party, "4321") for party in (MARIA, JOAO)}
    assert len(values) == 2
