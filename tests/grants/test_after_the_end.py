"""What people learn whose access has ended, or never went as far: nothing of what the holder has
now, on any page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants import services
from idp.grants.coverage import grants_on
from idp.grants.models import Grant, Level, Relation
from idp.mail.models import Mail
from idp.registry.models import Installation
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, an_installation, holdings

CARLA, RITA, ANA = "br:cpf:12345678909", "br:cpf:11144477735", "br:cpf:28625587887"
ACME = "br:cnpj:11222333000181"
STAFF = Actor("staff", "t_1")


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.fixture
def manager(maria: Account) -> Account:
    return joao()


@pytest.fixture
def held(maria: Account) -> list[Installation]:
    return holdings(maria.tax_id, 3)


@pytest.fixture
def managed(maria: Account, manager: Account, held: list[Installation]) -> Grant:
    """João manages all that Maria has."""
    return a_grant(maria, manager, None, level=Level.FULL, relation=Relation.MANAGER)


@pytest.fixture
def given_on(managed: Grant, manager: Account) -> Grant:
    """… and lets Carla act for her."""
    carla = an_account(CARLA, "Carla Dias", "carla@example.com")
    return a_grant(manager, carla, None, relation=Relation.COLLABORATOR, parent=managed)


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def revoke(grant: Grant, by: Account) -> None:
    services.revoke(services.get_locked(grant.public_id), by=by.actor, at=clock.now())
    db.session.commit()


PAGES = ("", "/revocation", "/renunciation", "/chain", "/uses", "/level")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["manager", "collaborator"])
def test_no_page_of_an_ended_chain_shows_what_the_holder_has_now(
    client: FlaskClient, managed: Grant, given_on: Grant, page: str, who: str
) -> None:
    maria = managed.granted_by
    assert maria is not None
    revoke(managed, maria)  # the record of the link below is still open
    new = an_installation(maria.tax_id, code="4999000111")
    reader = managed.grantee if who == "manager" else given_on.grantee
    sign_in_as(client, reader)
    for grant in (managed, given_on):
        shown = text_of(client.get(f"/grants/{grant.public_id}{page}", follow_redirects=True))
        assert new.code not in shown
        assert "4 installations" not in shown


def test_what_was_excepted_before_somebody_came_is_not_shown_to_them(
    client: FlaskClient, maria: Account, managed: Grant, held: list[Installation]
) -> None:
    manager = managed.grantee
    kept_from_all, kept_later = held[0], held[1]
    _except(managed, kept_from_all, maria)
    carla = an_account(CARLA, "Carla Dias", "carla@example.com")
    given_on = a_grant(manager, carla, None, relation=Relation.COLLABORATOR, parent=managed)
    _except(managed, kept_later, maria)
    for reader, sees_first in ((carla, False), (manager, True), (maria, True)):
        sign_in_as(client, reader)
        shown = text_of(client.get(f"/grants/{given_on.public_id}"))
        assert (kept_from_all.code in shown) is sees_first
        assert kept_later.code in shown


def test_a_link_is_not_listed_on_an_installation_that_was_taken_from_the_link_above(
    maria: Account, managed: Grant, given_on: Grant, held: list[Installation]
) -> None:
    _except(managed, held[0], maria)
    at = clock.now()
    assert list(grants_on(held[0], at=at, limit=10)) == []
    assert list(grants_on(held[1], at=at, limit=10)) == [given_on, managed]


def _except(grant: Grant, installation: Installation, by: Account) -> None:
    locked = services.get_locked(grant.public_id)
    services.revoke_installations(locked, [installation.id], by=by.actor, at=clock.now())
    db.session.commit()


@pytest.fixture
def rita(app: Flask) -> Account:
    """Who represents Acme no more: staff ended that."""
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    a_holder(ACME, "Acme")
    represents = a_representation(ACME, rita)
    given = a_grant(rita, joao(), holdings(ACME, 2), holder=represents.holder_tax_id)
    a_grant(
        rita, an_account(CARLA, "Carla Dias", "carla@example.com"), None, holder=given.holder_tax_id
    )
    services.revoke(services.get_locked(represents.public_id), by=STAFF, at=clock.now())
    db.session.commit()
    return rita


def test_a_former_representative_no_longer_sees_who_acts_for_the_company(
    client: FlaskClient, rita: Account
) -> None:
    sign_in_as(client, rita)
    for path in ("/grants", "/grants?standing=past", "/grants?q=acme", "/grants/uses"):
        shown = text_of(client.get(path))
        assert "João Souza" not in shown
        assert "Carla Dias" not in shown


def test_mails_about_a_companys_grants_go_to_who_represents_it_now(
    client: FlaskClient, rita: Account
) -> None:
    ana = an_account(ANA, "Ana Lima", "ana@example.com")
    a_representation(ACME, ana)
    db.session.execute(delete(Mail))
    for grant in db.session.scalars(select(Grant).where(Grant.granted_by_id == rita.id)):
        services.renounce(
            services.get_locked(grant.public_id), by=grant.grantee.actor, at=clock.now()
        )
    told = set(db.session.scalars(select(Mail.recipient_address)))
    assert told == {"ana@example.com", "joao@example.com", "carla@example.com"}
