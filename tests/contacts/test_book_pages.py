"""The list of authorised contacts, and adding one."""

from datetime import timedelta
from http import HTTPStatus
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Extent, Level, Relation
from idp.invitations import services as invitations
from tests.browsing import csrf_token, errors_of, heading_of, links_of, post, sign_in_as, values_of
from tests.contacts import scene
from tests.contacts.scene import IVAN_TYPED, a_collaborator, mails, sent, text_of
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant
from tests.factories.invitations import an_invitation
from tests.factories.registry import holdings

ACCEPTED = {"accept_permission_terms": "yes"}


@pytest.fixture
def maria(app: Flask) -> Account:
    account = scene.maria()
    holdings(account.tax_id, 2)
    return account


@pytest.fixture
def gloria(app: Flask) -> Account:
    return scene.gloria()


def add(client: FlaskClient, **typed: str) -> str:
    """Through the pages up to the check page; returns its address."""
    data = {"role": "full", **IVAN_TYPED, **typed}
    role = post(client, "/account/contacts/new", data)
    person = post(client, role.location, data)
    assert person.status_code == HTTPStatus.SEE_OTHER, errors_of(person)
    return person.location


def send(client: FlaskClient, check: str, **more: str) -> str:
    seen = values_of(client.get(check))["seen"]
    answer = post(client, check, {**ACCEPTED, "seen": seen, **more})
    assert answer.status_code == HTTPStatus.SEE_OTHER, errors_of(answer)
    return answer.location


def test_every_contact_is_listed_with_role_and_state(
    client: FlaskClient, maria: Account, gloria: Account
) -> None:
    carla = scene.carla()
    contact = a_grant(maria, carla, None, level=Level.FULL)
    manager = a_grant(maria, gloria, None, relation=Relation.MANAGER)
    chosen = a_grant(maria, carla, holdings(maria.tax_id, 1))
    grants.revoke(contact, by=maria.actor, at=clock.now())
    collaborator = a_grant(gloria, carla, None, parent=manager, relation=Relation.COLLABORATOR)
    db.session.commit()
    sign_in_as(client, maria)
    page = client.get("/account/contacts")
    assert heading_of(page) == "Authorised contacts"
    links = links_of(page)
    for grant in (contact, manager, chosen):
        assert f"/grants/{grant.public_id}" in links
    assert f"/grants/{collaborator.public_id}" not in links, "no contact of the holder's side"
    for words in ("Full: sees and makes", "Taken back", "External manager", "1 installation"):
        assert words in text_of(page)
    active = links_of(client.get("/account/contacts?standing=active"))
    assert f"/grants/{contact.public_id}" not in active
    assert f"/grants/{manager.public_id}" in active
    past = links_of(client.get("/account/contacts?standing=past"))
    assert f"/grants/{contact.public_id}" in past
    assert f"/grants/{manager.public_id}" not in past
    found = links_of(client.get("/account/contacts?q=GLÓRIA"))
    assert f"/grants/{manager.public_id}" in found
    assert f"/grants/{contact.public_id}" not in found
    assert "Nothing matches" in text_of(client.get("/account/contacts?q=nobody"))


def test_a_long_list_is_paged(client: FlaskClient, maria: Account) -> None:
    for number in range(1, 24):
        tax_id = f"es:nif:{number:08}{scene.LETTERS[number % 23]}"
        person = an_account(tax_id, f"Person {number}", f"p{number}@example.com")
        a_grant(maria, person, None)
    sign_in_as(client, maria)
    assert "1 to 20 of 23" in text_of(client.get("/account/contacts"))
    assert "Person 1<" in text_of(client.get("/account/contacts?page=2"))


def test_an_empty_list_says_how_to_begin(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    page = client.get("/account/contacts")
    assert "Nobody so far." in text_of(page)
    assert "/account/contacts/new?holder=own" in links_of(page)
    assert "/account/contacts" in links_of(client.get("/account"))


def test_who_has_proven_nothing_is_told_how_to(client: FlaskClient, gloria: Account) -> None:
    sign_in_as(client, gloria)
    for path in ("/account/contacts", "/account/contacts/new"):
        assert "First show that the installations are yours" in text_of(client.get(path))


def test_who_acts_for_several_chooses_whose_contacts(
    client: FlaskClient, maria: Account, gloria: Account
) -> None:
    representation = scene.acme(maria)
    hers = a_grant(maria, gloria, None)
    theirs = a_grant(maria, gloria, None, holder=scene.ACME)
    sign_in_as(client, maria)
    page = client.get("/account/contacts")
    assert heading_of(page) == "Whose contacts?"
    company = f"/account/contacts?holder={representation.public_id}"
    assert {"/account/contacts?holder=own", company} <= set(links_of(page))
    assert f"/grants/{theirs.public_id}" in links_of(client.get(company))
    assert f"/grants/{representation.public_id}" in links_of(client.get(company))
    assert f"/grants/{hers.public_id}" not in links_of(client.get(company))
    assert f"/grants/{hers.public_id}" in links_of(client.get("/account/contacts?holder=own"))


def test_nobody_reads_the_contacts_of_others(
    client: FlaskClient, maria: Account, gloria: Account
) -> None:
    representation = scene.acme(maria)
    manager = a_grant(maria, gloria, None, relation=Relation.MANAGER)
    other = scene.carla()
    holdings(other.tax_id, 1)
    sign_in_as(client, other)
    for key in (representation.public_id, manager.public_id, str(scene.ACME), "g_x", "'"):
        answer = client.get("/account/contacts", query_string={"holder": key})
        assert answer.status_code == HTTPStatus.NOT_FOUND
    sign_in_as(client, gloria)  # manages, and acts in nobody's name
    answer = client.get(f"/account/contacts?holder={manager.public_id}")
    assert "Gloria" not in text_of(answer).split("<main", 1)[1]


def test_a_representative_who_was_replaced_reads_no_contacts_any_more(
    client: FlaskClient, maria: Account
) -> None:
    representation = scene.acme(maria)
    sign_in_as(client, maria)
    company = f"/account/contacts?holder={representation.public_id}"
    assert client.get(company).status_code == HTTPStatus.OK
    grants.renounce(representation, by=maria.actor, at=clock.now())
    db.session.commit()
    assert client.get(company).status_code == HTTPStatus.NOT_FOUND


def test_a_contact_is_invited_to_everything_present_and_future(
    client: FlaskClient, maria: Account
) -> None:
    sign_in_as(client, maria)
    check = add(client)
    page = text_of(client.get(check))
    assert "Ivan Petrov" in page
    assert "All installations, also future ones" in page
    confirmation = send(client, check)
    (invitation,) = sent()
    assert confirmation == f"/invitations/sent/{invitation.public_id}/confirmation"
    assert invitation.relation is Relation.DELEGATE
    assert invitation.extent is Extent.EVERYTHING
    assert invitation.level is Level.FULL
    assert invitation.holder_tax_id == maria.tax_id
    assert invitation.parent_id is None
    assert len(mails("invitation_offered")) == 1
    assert client.get(confirmation).status_code == HTTPStatus.OK
    awaiting = client.get("/account/contacts")
    assert "Awaits an answer" in text_of(awaiting)
    assert f"/invitations/sent/{invitation.public_id}" in links_of(awaiting)


def test_a_contact_accepts_is_changed_and_deactivated(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    send(client, add(client, role="read_only"))
    (invitation,) = sent()
    (grant,) = invitations.accept(
        invitation.public_id, guest=scene.ivan(), locale="en", at=clock.now()
    )
    db.session.commit()
    assert "Read only" in text_of(client.get("/account/contacts"))
    post(client, f"/grants/{grant.public_id}/level", {"level": "full"})
    assert "Full: sees" in text_of(client.get("/account/contacts"))
    post(client, f"/grants/{grant.public_id}/revocation", {"extent": "all"})
    assert "Taken back" in text_of(client.get("/account/contacts?standing=past"))
    history = text_of(client.get(f"/grants/{grant.public_id}"))
    assert "From now on: See and make changes · You" in history


def test_a_contact_of_a_company_is_given_in_its_name(client: FlaskClient, maria: Account) -> None:
    representation = scene.acme(maria)
    sign_in_as(client, maria)
    send(client, add(client, holder=representation.public_id))
    (invitation,) = sent()
    assert invitation.holder_tax_id == scene.ACME
    assert invitation.inviter_id == maria.id


def test_somebody_who_acts_for_several_must_say_for_whom(
    client: FlaskClient, maria: Account
) -> None:
    scene.acme(maria)
    sign_in_as(client, maria)
    for holder in ("", "g_somebody", str(scene.ACME)):
        data = {"role": "full", "holder": holder}
        answer = post(client, "/account/contacts/new", data)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "holder" in errors_of(answer)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("representative", "/account/contacts/representatives/new"),
        ("manager", "/account/contacts/managers/new"),
    ],
)
def test_some_roles_need_documents(
    client: FlaskClient, maria: Account, role: str, path: str
) -> None:
    scene.acme(maria)
    sign_in_as(client, maria)
    assert post(client, "/account/contacts/new", {"role": role}).location == path


def test_a_private_person_has_no_representative(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    assert 'value="representative"' not in text_of(client.get("/account/contacts/new"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"guest_name": ""}, "guest_name"),
        ({"guest_name": "·"}, "guest_name"),
        ({"guest_tax_id": "111.444.777-34"}, "guest_tax_id"),
        ({"guest_tax_id": "11.222.333/0001-81"}, "guest_tax_id"),
        ({"guest_tax_id": "529.982.247-25"}, "guest_tax_id"),  # herself
        ({"guest_email": "ivan"}, "guest_email"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    client: FlaskClient, maria: Account, typed: dict[str, str], field: str
) -> None:
    sign_in_as(client, maria)
    person = post(client, "/account/contacts/new", {"role": "full"}).location
    answer = post(client, person, {**IVAN_TYPED, **typed})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(errors_of(answer)) == [field]
    assert values_of(answer)["guest_name"] == {**IVAN_TYPED, **typed}["guest_name"]


def test_each_answer_can_be_changed_and_the_rest_stays(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    check = add(client)
    role, person = (check.replace("check", page) for page in ("role", "person"))
    assert {role, person} <= set(links_of(client.get(check)))
    assert values_of(client.get(role))["role"] == "full"
    assert post(client, role, {"role": "read_only"}).location == check
    assert values_of(client.get(person))["guest_email"] == "ivan@example.com"
    send(client, check)
    assert sent()[0].level is Level.READ_ONLY


def test_what_another_tab_changed_is_not_sent_unseen(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    check = add(client)
    seen = values_of(client.get(check))["seen"]
    post(client, check.replace("check", "role"), {"role": "read_only"})
    answer = post(client, check, {**ACCEPTED, "seen": seen})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert sent() == []


def test_nothing_is_sent_twice_nor_without_the_terms(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    check = add(client)
    seen = values_of(client.get(check))["seen"]
    refused = post(client, check, {"seen": seen})
    assert "accept_permission_terms" in errors_of(refused)
    assert sent() == []
    first = send(client, check)
    assert client.get(check).location == first
    assert len(sent()) == 1


def test_a_draft_is_its_authors_alone(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    check = add(client)
    other = scene.carla()
    holdings(other.tax_id, 1)
    sign_in_as(client, other)
    for page in ("role", "person", "check"):
        answer = client.get(check.replace("check", page))
        assert answer.status_code == HTTPStatus.NOT_FOUND
    draft = check.split("/")[-2]
    sign_in_as(client, maria)
    answer = client.get(f"/account/collaborators/new/{draft}/person")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_who_no_longer_acts_for_the_company_sends_nothing(
    client: FlaskClient, maria: Account
) -> None:
    representation = scene.acme(maria)
    sign_in_as(client, maria)
    check = add(client, holder=representation.public_id)
    seen = values_of(client.get(check))["seen"]
    form = {"csrf_token": csrf_token(client, check), **ACCEPTED, "seen": seen}
    grants.renounce(representation, by=maria.actor, at=clock.now())
    db.session.commit()
    assert client.post(check, data=form).status_code == HTTPStatus.NOT_FOUND
    assert sent() == []


def test_a_person_who_is_a_contact_already_or_invited_is_pointed_out(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria, holdings(maria.tax_id, 1), guest_tax_id=scene.ivan().tax_id)
    sign_in_as(client, maria)
    page = client.get(add(client))
    assert invitation.protocol in text_of(page)
    person = invitation.guest_tax_id
    grant = a_grant(maria, account_of(person), None)
    page = client.get(add(client))
    assert "is a contact already" in text_of(page)
    assert f"/grants/{grant.public_id}" in links_of(page)


def account_of(tax_id: object) -> Account:
    return db.session.query(Account).filter_by(tax_id=tax_id).one()


def test_sending_asks_for_the_password_of_somebody_who_signed_in_long_ago(
    client: FlaskClient, maria: Account
) -> None:
    sign_in_as(client, maria, authenticated_at=clock.now() - timedelta(hours=1))
    assert "/account/confirm" in client.get(add(client)).location


def test_each_page_leads_back_to_the_one_before(client: FlaskClient, maria: Account) -> None:
    sign_in_as(client, maria)
    check = add(client)
    pages = [check.replace("check", page) for page in ("role", "person", "check")]
    for before, page in pairwise(pages):
        assert before in links_of(client.get(page))


def test_a_contact_can_invite_nobody(client: FlaskClient, maria: Account) -> None:
    guest = an_account(scene.IVAN, "Ivan Petrov", "ivan@example.com", assurance=Assurance.DECLARED)
    grant = a_grant(maria, guest, None, level=Level.FULL)
    sign_in_as(client, guest)
    answer = client.get(f"/account/contacts?holder={grant.public_id}")
    assert "Maria" not in text_of(answer)
    assert "Only external managers can" in text_of(client.get("/account/collaborators/new"))


def test_a_collaborator_is_no_contact_of_the_manager(client: FlaskClient, app: Flask) -> None:
    manager, guest = scene.gloria(), scene.ivan()
    grant = a_collaborator(scene.Client(manager, 1), guest)
    sign_in_as(client, manager)
    assert grant.public_id not in text_of(client.get("/account/contacts"))
