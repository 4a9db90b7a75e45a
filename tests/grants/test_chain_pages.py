"""Pages of a chain: who stands above and below, how much a link allows, cutting one."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, Level, Relation, State
from idp.registry.models import Installation
from tests.browsing import errors_of, heading_of, links_of, post, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings

CARLA, DAVI, RITA = "br:cpf:12345678909", "br:cpf:11144477816", "br:cpf:11144477735"
ACME = "br:cnpj:11222333000181"


class Chain:
    """Maria lets João manage everything; he lets Carla manage on, and she Davi collaborate."""

    def __init__(self) -> None:
        self.maria, self.joao = an_account(), joao()
        self.carla = an_account(CARLA, "Carla Dias", "carla@example.com")
        self.davi = an_account(DAVI, "Davi Reis", "davi@example.com")
        self.held: list[Installation] = holdings(self.maria.tax_id, 3)
        self.first = a_grant(
            self.maria, self.joao, None, level=Level.FULL, relation=Relation.MANAGER
        )
        self.second = self.under(self.first, self.joao, self.carla, Relation.MANAGER)
        self.third = self.under(self.second, self.carla, self.davi, Relation.COLLABORATOR)

    def under(self, parent: Grant, giver: Account, to: Account, relation: Relation) -> Grant:
        return a_grant(giver, to, None, level=Level.FULL, relation=relation, parent=parent)


@pytest.fixture
def chain(app: Flask) -> Chain:
    return Chain()


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def path_of(grant: Grant, page: str = "") -> str:
    return f"/grants/{grant.public_id}{page}"


def opened(client: FlaskClient, account: Account, grant: Grant) -> TestResponse:
    sign_in_as(client, account)
    return client.get(path_of(grant))


def fresh(grant: Grant) -> Grant:
    db.session.expire_all()
    return db.session.get_one(Grant, grant.id)


def test_the_holder_sees_the_whole_chain_by_name_and_opens_each_link(
    client: FlaskClient, chain: Chain
) -> None:
    page = opened(client, chain.maria, chain.first)
    assert "External manager · See and make changes · All installations" in text_of(page)
    for grant, name in ((chain.second, "Carla Dias"), (chain.third, "Davi Reis")):
        assert path_of(grant) in links_of(page)
        assert name in text_of(page)
    below = client.get(path_of(chain.third))
    assert {path_of(chain.first), path_of(chain.second)} <= set(links_of(below))


def test_who_received_access_reads_the_names_above_and_opens_none_of_their_pages(
    client: FlaskClient, chain: Chain
) -> None:
    page = opened(client, chain.davi, chain.third)
    assert "You act through Carla Dias." in text_of(page)
    assert "João Souza" in text_of(page)
    assert not {path_of(chain.first), path_of(chain.second)} & set(links_of(page))
    for grant in (chain.first, chain.second):
        assert client.get(path_of(grant)).status_code == HTTPStatus.NOT_FOUND


def test_a_manager_opens_what_is_below_and_not_what_is_above(
    client: FlaskClient, chain: Chain
) -> None:
    page = opened(client, chain.carla, chain.second)
    assert path_of(chain.third) in links_of(page)
    assert path_of(chain.first) not in links_of(page)
    assert path_of(chain.third, "/revocation") in links_of(client.get(path_of(chain.third)))


def test_nobody_else_learns_of_a_chain(client: FlaskClient, chain: Chain) -> None:
    sign_in_as(client, an_account(RITA, "Rita Alves", "rita@example.com"))
    for page in ("", "/chain", "/level", "/revocation"):
        answer = client.get(path_of(chain.second, page))
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_holder_cuts_a_link_in_the_middle_and_all_below_it_is_shown_as_ended(
    client: FlaskClient, chain: Chain
) -> None:
    sign_in_as(client, chain.maria)
    asked = client.get(path_of(chain.second, "/revocation"))
    assert "1 person who acts through Carla Dias loses access" in text_of(asked)
    post(client, path_of(chain.second, "/revocation"), {"extent": "all"})
    assert fresh(chain.second).state is State.REVOKED
    assert fresh(chain.third).state is State.ACTIVE, "the row below is untouched"
    assert "Taken back" in text_of(client.get(path_of(chain.third)))
    assert "Active" in text_of(client.get(path_of(chain.first)))
    sign_in_as(client, chain.davi)
    active = links_of(client.get("/grants?side=received&standing=active"))
    past = links_of(client.get("/grants?side=received&standing=past"))
    assert path_of(chain.third) not in active
    assert path_of(chain.third) in past


def test_everybody_below_is_found_by_name_page_by_page(client: FlaskClient, chain: Chain) -> None:
    for number in range(1, 26):
        tax_id = f"es:nif:{number:08}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"
        person = an_account(tax_id, f"Person {number}", f"p{number}@example.com")
        chain.under(chain.first, chain.joao, person, Relation.COLLABORATOR)
    assert path_of(chain.first, "/chain") in links_of(opened(client, chain.joao, chain.first))
    page = client.get(path_of(chain.first, "/chain"))
    assert "1 to 20 of 27" in text_of(page)
    assert path_of(chain.third) in links_of(client.get(path_of(chain.first, "/chain?q=davi")))
    assert "Nothing matches" in text_of(client.get(path_of(chain.first, "/chain?q=nobody")))


def test_a_chain_of_one_has_nobody_below(client: FlaskClient, chain: Chain) -> None:
    sign_in_as(client, chain.davi)
    assert "To nobody so far." in text_of(client.get(path_of(chain.third, "/chain")))


def test_the_level_is_changed_by_the_holder_and_told_at_once(
    client: FlaskClient, chain: Chain
) -> None:
    sign_in_as(client, chain.maria)
    assert path_of(chain.first, "/level") in links_of(client.get(path_of(chain.first)))
    answer = post(client, path_of(chain.first, "/level"), {"level": "read_only"})
    assert answer.location == path_of(chain.first)
    assert fresh(chain.first).level is Level.READ_ONLY
    shown = text_of(client.get(answer.location))
    assert "It holds from now on" in shown
    assert "From now on: See only" in shown
    assert "See only" in text_of(client.get(path_of(chain.third))), "nobody below does more"


def test_a_giver_never_lets_others_do_more_than_they_may(client: FlaskClient, chain: Chain) -> None:
    services.change_level(chain.third, Level.READ_ONLY, by=chain.carla.actor, at=clock.now())
    services.change_level(chain.first, Level.READ_ONLY, by=chain.maria.actor, at=clock.now())
    db.session.commit()
    sign_in_as(client, chain.carla)
    page = client.get(path_of(chain.third, "/level"))
    assert "so Davi Reis can" in text_of(page)
    assert 'value="full"' not in text_of(page)
    answer = post(client, path_of(chain.third, "/level"), {"level": "full"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "more than you may do yourself" in errors_of(answer)["level"]
    assert fresh(chain.third).level is Level.READ_ONLY


def test_nobody_changes_the_level_of_their_own_access(client: FlaskClient, chain: Chain) -> None:
    sign_in_as(client, chain.joao)
    assert path_of(chain.first, "/level") not in links_of(client.get(path_of(chain.first)))
    answer = client.get(path_of(chain.first, "/level"))
    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("level", ["", "owner", "FULL", "full\x00"])
def test_a_level_that_does_not_exist_is_refused_beside_the_field(
    client: FlaskClient, chain: Chain, level: str
) -> None:
    sign_in_as(client, chain.maria)
    answer = post(client, path_of(chain.first, "/level"), {"level": level})
    if level != "full\x00":  # a NUL is dropped before anything is read
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "level" in errors_of(answer)
    assert fresh(chain.first).level is Level.FULL


def test_a_level_asks_for_the_password_of_somebody_who_signed_in_long_ago(
    client: FlaskClient, chain: Chain
) -> None:
    long_ago = clock.now() - timedelta(hours=1)
    sign_in_as(client, chain.maria, authenticated_at=long_ago)
    assert "/account/confirm" in client.get(path_of(chain.first, "/level")).location


def test_the_level_of_an_ended_grant_is_not_asked_for(client: FlaskClient, chain: Chain) -> None:
    services.revoke(chain.first, by=chain.maria.actor, at=clock.now())
    db.session.commit()
    sign_in_as(client, chain.maria)
    assert client.get(path_of(chain.first, "/level")).location == path_of(chain.first)


def test_a_representative_acts_in_full_or_not_at_all(client: FlaskClient, app: Flask) -> None:
    company = an_account(ACME, "Acme", "acme@example.com")
    a_holder(ACME, "Acme")
    holdings(ACME, 1)
    representation = a_representation(ACME, joao())
    sign_in_as(client, company)
    page = client.get(path_of(representation))
    assert path_of(representation, "/level") not in links_of(page)
    answer = client.get(path_of(representation, "/level"))
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_everything_is_said_in_words_with_the_exceptions_of_all_links(
    client: FlaskClient, chain: Chain
) -> None:
    sign_in_as(client, chain.maria)
    one, other, kept = chain.held
    for grant, installation in ((chain.first, one), (chain.second, other)):
        form = {"extent": "some", "installations": str(installation.public_id)}
        post(client, path_of(grant, "/revocation"), form)
    page = text_of(client.get(path_of(chain.third)))
    assert "All installations, also future ones" in page
    excepted, _heading, present = page.partition("At present")
    assert one.code in excepted
    assert other.code in excepted
    assert kept.code in present
    assert one.code not in present
    assert other.code not in present
    assert "except 1" in text_of(client.get("/grants"))


def test_what_ended_lists_no_installations_that_it_no_longer_covers(
    client: FlaskClient, chain: Chain
) -> None:
    services.revoke(chain.first, by=chain.maria.actor, at=clock.now())
    db.session.commit()
    page = text_of(opened(client, chain.davi, chain.third))
    assert "This access has ended" in page
    assert chain.held[0].code not in page


def test_the_history_names_any_party_of_the_chain_and_else_the_holder(
    client: FlaskClient, chain: Chain
) -> None:
    services.change_level(chain.third, Level.READ_ONLY, by=chain.joao.actor, at=clock.now())
    services.revoke(chain.third, by=chain.maria.actor, at=clock.now())
    db.session.commit()
    page = text_of(opened(client, chain.davi, chain.third))
    assert "From now on: See only · João Souza" in page
    assert "Access taken back · Maria da Silva" in page


def test_a_colleague_acts_in_the_name_of_the_company(client: FlaskClient, app: Flask) -> None:
    a_holder(ACME, "Acme")
    holdings(ACME, 1)
    rita = an_account(RITA, "Rita Alves", "rita@example.com", assurance=Assurance.DECLARED)
    maria, guest = an_account(), joao()
    for representative in (maria, rita):
        representation = a_representation(ACME, representative)
    grant = a_grant(maria, guest, None, holder=representation.holder_tax_id)
    services.revoke(grant, by=rita.actor, at=clock.now())
    db.session.commit()
    page = text_of(opened(client, guest, grant))
    assert "Access taken back · Acme" in page
    assert "Rita" not in page


def test_the_lists_say_as_what_and_on_what_and_for_whom(client: FlaskClient, chain: Chain) -> None:
    a_holder(ACME, "Acme")
    holdings(ACME, 1)
    representation = a_representation(ACME, chain.maria)
    a_grant(chain.maria, chain.carla, None, holder=representation.holder_tax_id)
    sign_in_as(client, chain.maria)
    given = text_of(client.get("/grants"))
    assert "For Acme" in given
    assert "For Maria da Silva" in given
    received = text_of(client.get("/grants?side=received"))
    assert "Representative · See and make changes · All installations" in received
    sign_in_as(client, chain.davi)
    assert "Through Carla Dias" in text_of(client.get("/grants?side=received"))


def test_everything_is_given_up_with_words_about_everything(
    client: FlaskClient, chain: Chain
) -> None:
    sign_in_as(client, chain.joao)
    page = client.get(path_of(chain.first, "/renunciation"))
    assert "no longer see any installation of Maria da Silva" in text_of(page)
    assert heading_of(page).startswith("Give up your access")


def test_a_company_takes_its_representative_back_as_a_whole(
    client: FlaskClient, chain: Chain
) -> None:
    company = an_account(ACME, "Acme", "acme@example.com")
    installation, *_others = holdings(ACME, 3)
    grant = a_representation(ACME, chain.carla)
    sign_in_as(client, company)
    page = client.get(path_of(grant, "/revocation"))
    assert installation.code not in text_of(page)
    data = {"extent": "some", "installations": [str(installation.public_id)]}
    assert post(client, path_of(grant, "/revocation"), data).status_code == HTTPStatus.FORBIDDEN
    post(client, path_of(grant, "/revocation"), {"extent": "all"})
    assert fresh(grant).state is State.REVOKED
