"""For whom a person may act: each holder once, only while it holds, at a cost that stays flat."""

from datetime import timedelta

import pytest
from flask import Flask

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants import holders, services
from idp.grants.models import Relation
from tests.factories.accounts import JOAO, MARIA, an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, an_installation, holdings
from tests.grants.test_plans import guest as many_accounts
from tests.grants.test_plans import plan_of, rows_read

RITA = "br:cpf:11144477735"
COMPANY = "br:cnpj:11222333000181"

__all__ = ["many_accounts"]  # a fixture: accounts of which each has something from the one before


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.fixture
def guest(app: Flask) -> Account:
    return joao()


def possible(account: Account, typed: str = "") -> list[str]:
    found = holders.page_of(account.id, at=clock.now(), typed=typed, limit=10)
    return [str(each.holder) for each in found]


def test_oneself_comes_first_and_each_other_holder_once(maria: Account, guest: Account) -> None:
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    an_installation(JOAO)
    oldest = a_grant(rita, guest, holdings(RITA, 1))
    for granter in (maria, maria, rita):
        a_grant(granter, guest, holdings(granter.tax_id, 1))
    assert possible(guest) == [JOAO, RITA, MARIA]
    assert holders.page_of(guest.id, at=clock.now(), limit=10)[1].key == oldest.public_id


def test_who_has_proven_nothing_does_not_act_for_themselves(guest: Account) -> None:
    an_installation(JOAO)
    guest.assurance = Assurance.DECLARED
    db.session.commit()
    assert possible(guest) == []


def test_a_grant_that_ended_lapsed_or_lost_a_party_names_nobody(
    maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(MARIA, 1), expires_at=clock.now() + timedelta(hours=1))
    assert possible(guest) == [MARIA]
    late = clock.now() + timedelta(hours=2)
    assert holders.page_of(guest.id, at=late, limit=10) == []
    assert holders.find_of(guest.id, maria.tax_id, at=late) is None
    assert holders.find_by_key(guest.id, grant.public_id, at=late) is None
    maria.locked_at = clock.now()
    db.session.commit()
    assert possible(guest) == []
    maria.locked_at = None
    services.renounce(grant, by=guest.actor, at=clock.now())
    assert possible(guest) == []


def test_a_collaborator_acts_for_the_holder_until_any_link_above_is_cut(
    maria: Account, guest: Account
) -> None:
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    held = holdings(MARIA, 2)
    link = a_grant(maria, guest, held, relation=Relation.MANAGER)
    a_grant(guest, rita, held[:1], relation=Relation.COLLABORATOR, parent=link)
    assert possible(rita) == [MARIA]
    services.revoke(link, by=maria.actor, at=clock.now())
    assert possible(rita) == []


def test_a_representative_acts_for_the_company(guest: Account) -> None:
    a_holder(COMPANY, "Padaria Aurora Ltda.")
    a_representation(COMPANY, guest)
    assert possible(guest) == []  # it holds nothing yet
    an_installation(COMPANY)
    assert possible(guest) == [COMPANY]
    assert possible(guest, "aurora padaria") == [COMPANY]
    assert possible(guest, "maria") == []


def test_somebody_elses_grant_is_no_key(maria: Account, guest: Account) -> None:
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    grant = a_grant(maria, guest, holdings(MARIA, 1))
    assert holders.find_by_key(guest.id, grant.public_id, at=clock.now())
    for key in (grant.public_id, MARIA, "", holders.ONESELF):
        assert holders.find_by_key(rita.id, key, at=clock.now()) is None


def test_a_page_reads_no_more_than_it_shows_and_no_table_from_end_to_end(
    many_accounts: Account,
) -> None:
    everybody_lets = """
        UPDATE grants SET installation_count = 5, grantee_id = :guest WHERE id % 2 = 0"""
    db.session.execute(db.text(everybody_lets), {"guest": many_accounts.id})
    db.session.execute(db.text("ANALYZE grants"))
    asked = {"account": many_accounts.id, "at": clock.now(), "limit": 21}
    questions = {
        "page": (holders.PAGE, {**asked, "after": ""}),
        "search": (holders.PAGE_FOUND, {**asked, "after": "", "words": ["%person 7%"]}),
        "holder": (holders.OF_HOLDER, {**asked, "holder": "pt:nif:7"}),
        "key": (holders.OF_KEY, {**asked, "key": "g_8"}),
    }
    found = {name: plan_of(*question) for name, question in questions.items()}
    assert {name: tables for name, tables in found.items() if tables} == {}
    read = {name: rows_read(*questions[name]) for name in ("page", "holder", "key")}
    assert all(rows < 21 * 12 for rows in read.values()), read
