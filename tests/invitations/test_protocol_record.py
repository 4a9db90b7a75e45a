"""What a protocol puts on record, its fingerprint, and the check code."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Extent, Level, Relation, State
from idp.identifiers import public_id
from idp.invitations import lookup, services
from idp.invitations.cells import safe
from idp.invitations.models import Decision, Invitation
from idp.invitations.paper.codes import ALPHABET, code_of, is_code_of
from idp.invitations.paper.record import Facts, Party
from idp.invitations.paper.situation import situation_of
from idp.invitations.rules import Standing
from idp.registry.models import Holder
from idp.sweeps import SWEEPS
from tests.factories.accounts import an_account, joao
from tests.factories.invitations import an_invitation
from tests.factories.papers import a_protocol, an_accepted_protocol, recorded
from tests.factories.registry import an_installation

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
FACTS = Facts(
    protocol="2026.4831.5920.2",
    code="7QK3M-2XV9T",
    holder=Party("Maria da Silva", "***.982.247-**"),
    guest=Party("João Souza", "***.533.447-**"),
    relation=Relation.DELEGATE,
    level=Level.READ_ONLY,
    extent=Extent.CHOSEN,
    is_passed_on=False,
    installations=3,
    list_sha256="ab",
    ends_at=None,
    sent_at=AT,
    terms=("2026-11", "en", "cd"),
)
CHANGES: dict[str, Any] = {
    "protocol": "2026.4831.5921.3",
    "code": "7QK3M-2XV9S",
    "holder": Party("Maria da Silva", "***.982.248-**"),
    "guest": Party("Joana Souza", "***.533.447-**"),
    "relation": Relation.MANAGER,
    "level": Level.FULL,
    "extent": Extent.EVERYTHING,
    "is_passed_on": True,
    "installations": 4,
    "list_sha256": "ac",
    "ends_at": AT,
    "sent_at": AT + timedelta(seconds=1),
    "terms": ("2026-12", "en", "cd"),
}


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.mark.parametrize("name", CHANGES)
def test_a_paper_in_which_one_fact_was_changed_has_another_fingerprint(name: str) -> None:
    assert replace(FACTS, **{name: CHANGES[name]}).fingerprint != FACTS.fingerprint


def test_every_fact_is_in_the_fingerprint() -> None:
    assert set(CHANGES) == set(Facts.__dataclass_fields__)


def test_whoever_has_the_facts_can_make_the_fingerprint() -> None:
    facts = {
        "protocol": "2026.4831.5920.2",
        "code": "7QK3M-2XV9T",
        "holder": {"name": "Maria da Silva", "tax_id": "***.982.247-**"},
        "guest": {"name": "João Souza", "tax_id": "***.533.447-**"},
        "relation": "delegate",
        "level": "read_only",
        "extent": "chosen",
        "is_passed_on": False,
        "installations": 3,
        "list_sha256": "ab",
        "ends_at": None,
        "sent_at": "2026-11-22T12:00:00+00:00",
        "terms": ["2026-11", "en", "cd"],
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == FACTS.fingerprint


@given(st.text(min_size=1))
def test_no_formula_gets_into_a_cell(text: str) -> None:
    cell = safe(text)
    assert cell.removeprefix("'") in (text, text.removeprefix("'"))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_initials_do_not_tell_a_name() -> None:
    assert Party("Maria  da Silva", "").initials == "M. d. S."
    assert Party("", "").initials == ""


def test_a_check_code_is_read_however_it_was_typed() -> None:
    name = public_id("v")
    code = code_of(name)
    assert len(code.replace("-", "")) == 10
    assert set(code) <= {*ALPHABET, "-"}
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert is_code_of(name, typed)
    misread = code.replace("0", "O").replace("1", "l")
    assert is_code_of(name, misread)


@pytest.mark.parametrize("typed", ["", "-", "x" * 10, "٢" * 10, "\x00", "é" * 5, "0" * 1000])
def test_nothing_else_is_the_check_code(typed: str) -> None:
    assert not is_code_of("v_some", typed)


def test_a_check_code_survives_a_change_of_keys(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_of("v_some")
    monkeypatch.setitem(app.config, "SECRET_KEY", "another one, after years and years of use")
    assert code_of("v_some") == before


def test_the_facts_stay_as_they_were_whatever_happens_since(maria: Account) -> None:
    guest = joao()
    grant = an_accepted_protocol(maria, guest, level=Level.FULL)
    invitation = lookup.find_by_grant(grant)
    assert invitation is not None
    facts = recorded(invitation).facts
    db.session.execute(update(Holder).values(name="Maria Oliveira"))
    guest.name = "João S. Silva"
    grants.change_level(grant, Level.READ_ONLY, by=maria.actor, at=clock.now())
    grants.revoke(grant, by=maria.actor, at=clock.now())
    db.session.commit()
    after = recorded(invitation)
    assert after.facts == facts
    assert after.facts.holder.name == "Maria da Silva"
    assert (after.situation.access, after.situation.level) == (State.REVOKED, Level.READ_ONLY)


def test_both_sides_acceptances_are_told_apart(maria: Account) -> None:
    invitation = lookup.find_by_grant(an_accepted_protocol(maria, joao()))
    assert invitation is not None
    assert [each.by_guest for each in recorded(invitation).acceptances] == [False, True, True]


def test_an_access_ends_on_paper_when_its_end_date_comes(maria: Account) -> None:
    end = clock.now() + timedelta(days=3)
    invitation = lookup.find_by_grant(an_accepted_protocol(maria, joao(), grant_expires_at=end))
    assert invitation is not None
    now = situation_of(invitation, clock.now())
    assert (now.access, now.ended_at) == (State.ACTIVE, None)
    later = situation_of(invitation, end)
    assert (later.access, later.ended_at) == (State.EXPIRED, end)


def test_a_resent_invitation_keeps_its_own_protocol(maria: Account) -> None:
    at = clock.now()
    earlier = a_protocol(maria, at=at - timedelta(hours=13))
    later = services.resend(earlier.public_id, by=maria, locale="en", at=at)
    first, second = recorded(earlier), recorded(later)
    assert first.situation.standing is Standing.LAPSED
    assert second.situation.standing is Standing.OPEN
    assert first.facts.protocol != second.facts.protocol
    assert first.facts.list_sha256 == second.facts.list_sha256


def test_no_sweep_ever_forgets_a_protocol(maria: Account) -> None:
    at = clock.now()
    place = an_installation(maria.tax_id)
    an_invitation(maria, [place])
    an_invitation(maria, [place], decision=Decision.DECLINED, settled_at=at)
    an_accepted_protocol(maria, joao(), [place], grant_expires_at=at + timedelta(days=9))
    before = {
        each.protocol: recorded(each).facts for each in db.session.scalars(select(Invitation))
    }
    for years in (1, 5, 30):
        for sweep in SWEEPS:
            sweep.run(at + timedelta(days=366 * years))
            db.session.commit()
    db.session.expire_all()
    after = {each.protocol: recorded(each).facts for each in db.session.scalars(select(Invitation))}
    assert after == before
    assert len(after) == 3
