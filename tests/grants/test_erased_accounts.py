"""Grants of people whose account is erased: they end, both sides hear of it, and names stay."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.data import erasure
from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants import acting, effective, stakes
from idp.grants.models import Grant, Level, Relation, State
from idp.mail.models import Mail
from idp.mail.rendering import Rendered, render
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings

STAFF = Actor("staff", "t_someone")
RITA = "br:cpf:11144477735"
ACME = "br:cnpj:11222333000181"


def erase(account: Account, by: Actor | None = None) -> None:
    erasure.erase(account, by=by or account.actor, at=clock.now())
    db.session.commit()
    db.session.expire_all()


def rita(**overrides: object) -> Account:
    return an_account(RITA, "Rita Alves", "rita@example.com", **overrides)  # type: ignore[arg-type]


def told() -> dict[str, Rendered]:
    """What each address was told of a grant; one mail each."""
    queued = db.session.scalars(select(Mail).where(Mail.template == "grant_cancelled")).all()
    assert len({mail.recipient_address for mail in queued}) == len(queued)
    return {mail.recipient_address: render(mail) for mail in queued}


def state_of(grant: Grant) -> State:
    return db.session.get_one(Grant, grant.id).state


def test_what_was_given_and_what_was_received_is_cancelled(app: Flask) -> None:
    maria, guest, other = an_account(), joao(), rita()
    received = a_grant(maria, guest, holdings(maria.tax_id, 1))
    given = a_grant(guest, other, holdings(guest.tax_id, 1))
    elsewhere = a_grant(maria, other, holdings(maria.tax_id, 1))
    erase(guest)
    assert (state_of(received), state_of(given)) == (State.CANCELLED, State.CANCELLED)
    assert state_of(elsewhere) is State.ACTIVE


def test_everything_below_an_erased_manager_stands_no_more(app: Flask) -> None:
    maria, manager, helper = an_account(), joao(), rita()
    held = holdings(maria.tax_id, 2)
    above = a_grant(maria, manager, held, relation=Relation.MANAGER, level=Level.FULL)
    below = a_grant(manager, helper, held, relation=Relation.COLLABORATOR, parent=above)
    assert effective.access_of(helper.id, helper.tax_id, at=clock.now(), limit=9)
    erase(manager)
    assert state_of(below) is State.CANCELLED
    assert effective.access_of(helper.id, helper.tax_id, at=clock.now(), limit=9) == []


def test_an_erased_holder_owns_nothing_and_acts_for_nobody(app: Flask) -> None:
    maria = an_account()
    holdings(maria.tax_id, 1)
    tax_id = maria.tax_id
    assert effective.access_of(maria.id, tax_id, at=clock.now(), limit=9)
    erase(maria)
    assert effective.access_of(maria.id, tax_id, at=clock.now(), limit=9) == []
    assert not acting.acts_for(maria, tax_id, clock.now())


def test_a_company_loses_its_representative_and_what_they_gave(app: Flask) -> None:
    marta, guest = an_account(), joao()
    a_holder(ACME, "Acme")
    held = holdings(ACME, 1)
    company = held[0].holder_tax_id
    representation = a_representation(ACME, marta)
    given = a_grant(marta, guest, held, holder=company)
    erase(marta)
    assert (state_of(representation), state_of(given)) == (State.CANCELLED, State.CANCELLED)
    assert acting.representatives_of(company, clock.now()) == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ("Maria da Silva has ended", "João Souza closed their account", "You closed")),
        ("es", ("Maria da Silva ha terminado", "João Souza ha cerrado su cuenta", "Has cerrado")),
        ("pt-BR", ("Maria da Silva terminou", "João Souza encerrou a própria", "Você encerrou")),
    ],
)
def test_both_sides_are_told_in_their_language_that_the_guest_left(
    app: Flask, locale: str, words: tuple[str, str, str]
) -> None:
    maria, guest = an_account(locale=locale), joao(locale=locale)
    a_grant(maria, guest, holdings(maria.tax_id, 1))
    erase(guest)
    ended, theirs, own = words
    mails = told()
    assert theirs in mails["maria@example.com"].text
    assert theirs in mails["maria@example.com"].html
    assert own in mails["joao@example.com"].text
    assert ended in mails["joao@example.com"].text


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ("The account that gave you access", "the access of João Souza")),
        ("es", ("La cuenta que te dio acceso", "el acceso de João Souza")),
        ("pt-BR", ("A conta que deu a você acesso", "o acesso de João Souza")),
    ],
)
def test_both_sides_are_told_in_their_language_that_the_giver_left(
    app: Flask, locale: str, words: tuple[str, str]
) -> None:
    maria, guest = an_account(locale=locale), joao(locale=locale)
    a_grant(maria, guest, holdings(maria.tax_id, 1))
    erase(maria)
    mails = told()
    assert words[0] in mails["joao@example.com"].text
    assert "Maria da Silva" in mails["joao@example.com"].text
    assert words[1] in mails["maria@example.com"].text


@pytest.mark.parametrize("locale", ["en", "es", "pt-BR"])
def test_erased_by_staff_neither_side_is_said_to_have_done_it(app: Flask, locale: str) -> None:
    maria, guest = an_account(locale=locale), joao(locale=locale)
    a_grant(maria, guest, holdings(maria.tax_id, 1))
    erase(guest, by=STAFF)
    texts = [mail.text for mail in told().values()]
    assert len(texts) == 2
    same = {"en": "one of the two", "es": "una de las dos", "pt-BR": "uma das duas"}
    assert all(same[locale] in text for text in texts)


def test_the_collaborator_of_an_erased_manager_is_told_by_whom_they_acted(app: Flask) -> None:
    maria, manager, helper = an_account(), joao(), rita()
    held = holdings(maria.tax_id, 1)
    above = a_grant(maria, manager, held, relation=Relation.MANAGER)
    a_grant(manager, helper, held, relation=Relation.COLLABORATOR, parent=above)
    erase(manager)
    mails = db.session.scalars(select(Mail).where(Mail.recipient_address == "rita@example.com"))
    assert all("João Souza" in render(mail).text for mail in mails)


def test_the_holder_still_reads_who_it_was(client: FlaskClient) -> None:
    maria, guest = an_account(), joao()
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    erase(guest)
    sign_in_as(client, db.session.get_one(Account, maria.id))
    for path in ("/grants?state=ended", f"/grants/{grant.public_id}"):
        page = client.get(path)
        assert page.status_code == 200
        assert "João Souza" in page.text
        assert "joao@example.com" not in page.text


def test_whoever_registers_again_has_nothing_of_the_former_account(
    app: Flask, client: FlaskClient
) -> None:
    maria, guest = an_account(), joao()
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    erase(guest)
    again = joao()
    assert effective.access_of(again.id, again.tax_id, at=clock.now(), limit=9) == []
    sign_in_as(client, again)
    assert client.get(f"/grants/{grant.public_id}").status_code == 404


def test_what_is_at_stake_counts_people_and_not_grants(app: Flask) -> None:
    maria, guest, other = an_account(), joao(), rita()
    held = holdings(maria.tax_id, 2)
    for each in held:
        a_grant(maria, guest, [each])
    above = a_grant(maria, guest, held, relation=Relation.MANAGER)
    a_grant(guest, other, held, relation=Relation.COLLABORATOR, parent=above)
    a_holder(ACME, "Acme")
    a_representation(ACME, guest)
    assert stakes.of(maria) == stakes.Stakes(given=1, received=0, companies=0, clients=0)
    assert stakes.of(guest) == stakes.Stakes(given=1, received=1, companies=1, clients=1)
    assert stakes.of(other) == stakes.Stakes(given=0, received=1, companies=0, clients=0)
    erase(guest)
    assert stakes.of(maria) == stakes.of(other) == stakes.Stakes(0, 0, 0, 0)
