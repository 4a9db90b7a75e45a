"""Locks on grants are taken by age, whoever changes several of them; and nothing is given in the
name of a company by somebody who is being replaced."""

from collections.abc import Iterator

import pytest
from flask import Flask

from idp import clock
from idp.accounts.models import Account
from idp.audit import SYSTEM
from idp.extensions import db
from idp.grants import services, succession
from idp.grants.models import Extent, Grant, Level, Relation
from idp.grants.scope import Scope
from idp.registry.importing import import_rows
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings
from tests.grants.test_import import moved
from tests.locks import is_free, lock, waiting

ACME, RITA = "br:cnpj:11222333000181", "br:cpf:11144477735"


@pytest.fixture
def context(committed_app: Flask) -> Iterator[Flask]:
    with committed_app.app_context():
        a_holder(ACME, "Acme")
        holdings(ACME, 2)
        yield committed_app
        db.session.remove()


def test_what_a_representative_gives_waits_for_who_is_replacing_them(context: Flask) -> None:
    maria, guest = an_account(), joao()
    represents = a_representation(ACME, maria)
    maria_id, guest_id, holder = maria.id, guest.id, represents.holder_tax_id

    def give() -> object:
        return services.issue(
            Scope(holder, Relation.DELEGATE, Level.READ_ONLY, Extent.EVERYTHING),
            granted_by=db.session.get_one(Account, maria_id),
            to=db.session.get_one(Account, guest_id),
            at=clock.now(),
        )

    with db.engine.connect() as other:
        lock(other, represents)
        with waiting(context, give, other) as given:
            assert given == []
    assert len(given) == 1


def test_a_succession_locks_by_age_what_came_from_an_earlier_one(context: Flask) -> None:
    """What the first representative gave is older than the second one's own link."""
    maria, guest = an_account(), joao()
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    holder = a_representation(ACME, maria).holder_tax_id
    early, late = (a_grant(maria, guest, None, holder=holder) for _number in range(2))
    second = a_representation(ACME, rita)
    succession.succeed(holder, former=maria, new=rita, by=SYSTEM)
    db.session.commit()
    ids = (maria.id, rita.id)

    def succeed() -> object:
        new, former = (db.session.get_one(Account, each) for each in ids)
        return succession.succeed(holder, former=former, new=new, by=SYSTEM)

    with db.engine.connect() as other:
        lock(other, early)
        with waiting(context, succeed, other):
            for each in (late, second):
                assert is_free(other, each)
    db.session.expire_all()
    assert {db.session.get_one(Grant, each.id).granted_by_id for each in (early, late)} == {
        maria.id
    }


def test_an_import_locks_installations_by_age_however_the_file_is_sorted(context: Flask) -> None:
    early, *_between, late = owned = holdings(an_account().tax_id, 20)
    rows = [moved(each, ACME, "Acme") for each in reversed(owned)]

    def bring_in() -> object:
        return import_rows(enumerate(rows, start=2), report=print, at=clock.now())

    with db.engine.connect() as other:
        lock(other, early)
        with waiting(context, bring_in, other):
            assert is_free(other, late)
