"""Add a collaborator: person, clients, access, installations, check, sent."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.contacts import drafts, purging, rules, services
from idp.errors import NotAllowed
from idp.extensions import db
from idp.grants import effective
from idp.grants import services as grants
from idp.grants.errors import ChainTooLong
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import days
from idp.invitations import services as invitations
from idp.invitations.services import Guest, Scope
from tests.browsing import csrf_token, errors_of, heading_of, links_of, post, sign_in_as, values_of
from tests.contacts import scene
from tests.contacts.scene import IVAN_TYPED, Client, a_collaborator, mails, sent, text_of
from tests.factories.grants import a_grant

NEW = "/account/collaborators/new"
ACCESS = {"level": "read_only", "extent": "everything", "relation": "collaborator", "ends_on": ""}
ACCEPTED = {"accept_permission_terms": "yes"}


@pytest.fixture
def gloria(app: Flask) -> Account:
    return scene.gloria()


def begin(client: FlaskClient, manager: Account, path: str = NEW, **typed: str) -> str:
    """The first page filled in; returns the beginning of the addresses of those that follow."""
    sign_in_as(client, manager)
    answer = post(client, path, {**IVAN_TYPED, **typed})
    assert answer.status_code == HTTPStatus.SEE_OTHER, errors_of(answer)
    return answer.location.rpartition("/")[0]


def choose(client: FlaskClient, draft: str, *chosen: Client, action: str = "continue") -> str:
    keys = [each.grant.public_id for each in chosen]
    data = {"clients": keys, "listed": keys, "action": action}
    return post(client, f"{draft}/clients", data).location


def allow(client: FlaskClient, draft: str, **changes: str) -> str:
    answer = post(client, f"{draft}/access", {**ACCESS, **changes})
    assert answer.status_code == HTTPStatus.SEE_OTHER, errors_of(answer)
    return answer.location


def send(client: FlaskClient, draft: str) -> str:
    seen = values_of(client.get(f"{draft}/check"))["seen"]
    answer = post(client, f"{draft}/check", {**ACCEPTED, "seen": seen})
    assert answer.status_code == HTTPStatus.SEE_OTHER, errors_of(answer)
    return answer.location


def accept_all(guest: Account) -> list[Grant]:
    given = invitations.accept(sent()[0].public_id, guest=guest, locale="en", at=clock.now())
    db.session.commit()
    return given


def test_a_collaborator_is_added_for_several_clients_with_one_mail_and_one_answer(
    client: FlaskClient, gloria: Account
) -> None:
    one, other, left_out = (Client(gloria, number) for number in (1, 2, 3))
    draft = begin(client, gloria)
    assert choose(client, draft, one, other) == f"{draft}/access"
    assert allow(client, draft, level="full") == f"{draft}/check"
    page = text_of(client.get(f"{draft}/check"))
    assert "Client 001, Client 002" in page
    assert "Client 003" not in page
    confirmation = send(client, draft)
    assert "for 2 clients" in text_of(client.get(confirmation))
    offered = sent()
    assert {each.parent_id for each in offered} == {one.grant.id, other.grant.id}
    assert {each.relation for each in offered} == {Relation.COLLABORATOR}
    assert {each.extent for each in offered} == {Extent.EVERYTHING}
    assert len({each.batch for each in offered}) == 1
    assert len(mails("invitation_offered")) == 1
    guest = scene.ivan()
    given = accept_all(guest)
    assert len(given) == 2
    access = effective.access_of(guest.id, guest.tax_id, at=clock.now(), limit=50)
    assert {each.relation for each in access} == {Relation.COLLABORATOR}
    assert {each.holder for each in access} == {one.holder.tax_id, other.holder.tax_id}
    assert left_out.holder.tax_id not in {each.holder for each in access}


def test_who_manages_for_one_client_is_not_asked_which(
    client: FlaskClient, gloria: Account
) -> None:
    one = Client(gloria, 1)
    draft = begin(client, gloria)
    assert client.get(f"{draft}/check").location == f"{draft}/access?return=check"
    assert allow(client, draft) == f"{draft}/check"
    send(client, draft)
    assert [each.parent_id for each in sent()] == [one.grant.id]


def test_the_client_whose_page_one_came_from_is_chosen(
    client: FlaskClient, gloria: Account
) -> None:
    one, other = Client(gloria, 1), Client(gloria, 2)
    foreign = Client(scene.carla(), 3)
    draft = begin(client, gloria, f"{NEW}?client={other.grant.public_id}")
    allow(client, draft)
    assert "Client 002" in text_of(client.get(f"{draft}/check"))
    draft = begin(client, gloria, f"{NEW}?client={foreign.grant.public_id}")
    assert client.get(f"{draft}/check").location == f"{draft}/clients?return=check"
    assert one.grant.public_id in text_of(client.get(f"{draft}/clients"))


def test_the_person_gets_some_installations_of_a_single_client(
    client: FlaskClient, gloria: Account
) -> None:
    one = Client(gloria, 1)
    draft = begin(client, gloria)
    assert allow(client, draft, extent="chosen") == f"{draft}/installations"
    page = client.get(f"{draft}/installations")
    assert heading_of(page) == "Which installations?"
    keys = [str(each.public_id) for each in one.held]
    refused = post(client, f"{draft}/installations", {"listed": keys, "action": "continue"})
    assert "installations" in errors_of(refused)
    data = {"listed": keys, "installations": keys[:1], "action": "continue"}
    assert post(client, f"{draft}/installations", data).location == f"{draft}/check"
    assert "1 installation<" in text_of(client.get(f"{draft}/check"))
    send(client, draft)
    guest = scene.ivan()
    accept_all(guest)
    (access,) = effective.access_of(guest.id, guest.tax_id, at=clock.now(), limit=50)
    assert access.installations == (one.held[0].code,)


def test_installations_that_the_manager_does_not_cover_are_not_given(
    client: FlaskClient, gloria: Account
) -> None:
    one = Client(gloria, 1, everything=False)
    foreign = Client(gloria, 2).held[0]
    draft = begin(client, gloria)
    choose(client, draft, one)
    allow(client, draft, extent="chosen")
    path = f"{draft}/installations"
    uncovered = [str(each.public_id) for each in (one.held[2], foreign)]
    data = {"listed": [*uncovered, "x"], "installations": [*uncovered, "x"], "action": "continue"}
    assert "installations" in errors_of(post(client, path, data))
    assert one.held[2].code not in text_of(client.get(path))


def test_ticks_are_kept_while_searching_and_paging(client: FlaskClient, gloria: Account) -> None:
    everyone = [Client(gloria, number) for number in range(1, 24)]
    draft = begin(client, gloria)
    first, last = everyone[0].grant.public_id, everyone[-1].grant.public_id
    data = {"listed": [first], "clients": [first], "action": "page-2"}
    assert post(client, f"{draft}/clients", data).location == f"{draft}/clients?page=2"
    data = {"listed": [last], "clients": [last], "action": "search", "search": "Client 001"}
    post(client, f"{draft}/clients", data)
    page = client.get(f"{draft}/clients")
    assert "2 clients chosen" in text_of(page)
    assert values_of(page)["search"] == "Client 001"
    assert values_of(page)["clients"] == first
    data = {"listed": [first], "action": "search"}
    post(client, f"{draft}/clients", data)
    assert "1 client chosen" in text_of(client.get(f"{draft}/clients"))


def test_all_clients_are_chosen_after_a_page_that_names_the_number(
    client: FlaskClient, gloria: Account
) -> None:
    for number in (1, 2, 3):
        Client(gloria, number)
    draft = begin(client, gloria)
    asked = choose(client, draft, action="all")
    assert asked == f"{draft}/clients/all"
    assert heading_of(client.get(asked)) == "Choose all 3 clients?"
    Client(gloria, 4)
    changed = client.post(asked, data={"csrf_token": csrf_token(client, asked), "count": "3"})
    assert changed.status_code == HTTPStatus.CONFLICT
    assert post(client, asked, {"count": "4"}).location == f"{draft}/access"
    allow(client, draft)
    send(client, draft)
    assert len(sent()) == 4


def test_at_least_one_client_is_chosen_and_only_ones_own(
    client: FlaskClient, gloria: Account
) -> None:
    Client(gloria, 1), Client(gloria, 2)
    foreign = Client(scene.carla(), 3)
    draft = begin(client, gloria)
    for chosen in ((), (foreign,)):
        keys = [each.grant.public_id for each in chosen]
        data = {"clients": keys, "listed": keys, "action": "continue"}
        answer = post(client, f"{draft}/clients", data)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "clients" in errors_of(answer)


def test_more_than_can_be_sent_at_once_are_refused(
    client: FlaskClient, gloria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = Client(gloria, 1), Client(gloria, 2)
    draft = begin(client, gloria)
    choose(client, draft, one, other)
    allow(client, draft)
    seen = values_of(client.get(f"{draft}/check"))["seen"]
    monkeypatch.setattr(rules, "MAXIMUM_CLIENTS", 1)
    answer = post(client, f"{draft}/check", {**ACCEPTED, "seen": seen})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sent() == []


def test_nobody_gets_more_than_the_manager_has(client: FlaskClient, gloria: Account) -> None:
    Client(gloria, 1, level=Level.READ_ONLY)
    draft = begin(client, gloria)
    assert 'value="full"' not in text_of(client.get(f"{draft}/access"))
    answer = post(client, f"{draft}/access", {**ACCESS, "level": "full"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "level" in errors_of(answer)


def test_full_access_is_cut_down_where_the_manager_may_only_see(
    client: FlaskClient, gloria: Account
) -> None:
    full, read = Client(gloria, 1), Client(gloria, 2, level=Level.READ_ONLY)
    draft = begin(client, gloria)
    choose(client, draft, full, read)
    allow(client, draft, level="full")
    assert "For 1 of these clients" in text_of(client.get(f"{draft}/check"))
    send(client, draft)
    levels = {each.parent_id: each.level for each in sent()}
    assert levels == {full.grant.id: Level.FULL, read.grant.id: Level.READ_ONLY}


def test_nobody_gets_access_for_longer_than_the_manager(
    client: FlaskClient, gloria: Account
) -> None:
    ends = clock.now() + timedelta(days=30)
    one = Client(gloria, 1, expires_at=ends)
    draft = begin(client, gloria)
    last_day = days.today(ends)
    later = (last_day + timedelta(days=1)).isoformat()
    answer = post(client, f"{draft}/access", {**ACCESS, "ends_on": later})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "ends_on" in errors_of(answer)
    assert values_of(answer)["ends_on"] == later
    allow(client, draft, ends_on=last_day.isoformat())
    allow(client, draft)
    send(client, draft)
    assert [each.grant_expires_at for each in sent()] == [one.grant.expires_at]


def test_an_earlier_end_holds_for_each_client(client: FlaskClient, gloria: Account) -> None:
    soon = clock.now() + timedelta(days=3)
    one, other = Client(gloria, 1, expires_at=soon), Client(gloria, 2)
    draft = begin(client, gloria)
    choose(client, draft, one, other)
    day = days.today(soon) + timedelta(days=5)
    allow(client, draft, ends_on=day.isoformat())
    assert "or earlier where your own access ends" in text_of(client.get(f"{draft}/check"))
    send(client, draft)
    ends = {each.parent_id: each.grant_expires_at for each in sent()}
    assert ends == {one.grant.id: one.grant.expires_at, other.grant.id: days.end_of(day)}


def test_all_that_a_manager_covers_of_chosen_installations_is_a_list(
    client: FlaskClient, gloria: Account
) -> None:
    Client(gloria, 1, everything=False)
    draft = begin(client, gloria)
    allow(client, draft)
    send(client, draft)
    (offered,) = sent()
    assert (offered.extent, offered.installation_count) == (Extent.CHOSEN, 2)


def test_a_manager_below_is_made_only_where_chains_may_be_so_long(
    app: Flask, client: FlaskClient, gloria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client(gloria, 1)
    draft = begin(client, gloria)
    assert "as a manager below you" in text_of(client.get(f"{draft}/access"))
    allow(client, draft, relation="manager")
    send(client, draft)
    assert sent()[0].relation is Relation.MANAGER
    carla = scene.carla()
    (given,) = accept_all(scene.ivan())
    monkeypatch.setitem(app.config, "DELEGATION_DEPTH", 2)
    sign_in_as(client, given.grantee)
    assert client.get(NEW).status_code == HTTPStatus.FORBIDDEN
    with pytest.raises(ChainTooLong):
        a_grant(given.grantee, carla, None, parent=given, relation=Relation.COLLABORATOR)


@pytest.mark.parametrize("relation", ["delegate", "representative", "owner", "x"])
def test_no_other_relation_can_be_given(
    client: FlaskClient, gloria: Account, relation: str
) -> None:
    Client(gloria, 1)
    draft = begin(client, gloria)
    answer = post(client, f"{draft}/access", {**ACCESS, "relation": relation})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "relation" in errors_of(answer)


def test_a_collaborator_can_invite_nobody(client: FlaskClient, gloria: Account) -> None:
    guest, carla, at = scene.ivan(), scene.carla(), clock.now()
    grant = a_collaborator(Client(gloria, 1), guest, level=Level.FULL)
    sign_in_as(client, guest)
    answer = client.get(NEW)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "Who collaborates can't invite others" in text_of(answer)
    assert NEW not in links_of(client.get("/account/collaborators"))
    person = Guest(carla.name, carla.tax_id, carla.email)
    for relation in (Relation.COLLABORATOR, Relation.MANAGER, Relation.DELEGATE):
        scope = Scope(
            grant.holder_tax_id, relation, Level.READ_ONLY, Extent.EVERYTHING, None, grant
        )
        with pytest.raises(NotAllowed):
            invitations.send(person, scope, inviter=guest, locale="en", at=at)
        with pytest.raises(NotAllowed):
            a_grant(guest, carla, None, parent=grant, relation=relation)
    draft = drafts.begin(guest, {**IVAN_TYPED, **ACCESS}, at=at, client_ids=[grant.id])
    drafts.record(draft, guest_name=carla.name, guest_tax_id=carla.tax_id.formatted)
    with pytest.raises(services.DraftIncomplete):
        services.send_collaboration(
            draft.public_id, by=guest, seen_by=services.seen(draft, 1), locale="en", at=at
        )
    assert sent() == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"guest_name": ""}, "guest_name"),
        ({"guest_tax_id": "1"}, "guest_tax_id"),
        ({"guest_tax_id": "390.533.447-05"}, "guest_tax_id"),  # herself
        ({"guest_email": "@"}, "guest_email"),
    ],
)
def test_what_is_wrong_with_the_person_stands_beside_the_field(
    client: FlaskClient, gloria: Account, typed: dict[str, str], field: str
) -> None:
    Client(gloria, 1)
    sign_in_as(client, gloria)
    answer = post(client, NEW, {**IVAN_TYPED, **typed})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(errors_of(answer)) == [field]


def test_the_client_is_not_made_their_managers_collaborator(
    client: FlaskClient, gloria: Account
) -> None:
    one = Client(gloria, 1)
    draft = begin(client, gloria, guest_tax_id=one.holder.tax_id.value)
    allow(client, draft)
    seen = values_of(client.get(f"{draft}/check"))["seen"]
    answer = post(client, f"{draft}/check", {**ACCEPTED, "seen": seen})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "more access to a client of yours" in errors_of(answer)[""]
    assert sent() == []


def test_a_client_who_took_the_access_back_meanwhile_is_not_sent_for(
    client: FlaskClient, gloria: Account
) -> None:
    one, other = Client(gloria, 1), Client(gloria, 2)
    draft = begin(client, gloria)
    choose(client, draft, one, other)
    allow(client, draft)
    seen = values_of(client.get(f"{draft}/check"))["seen"]
    grants.revoke(one.grant, by=one.holder.actor, at=clock.now())
    db.session.commit()
    answer = post(client, f"{draft}/check", {**ACCEPTED, "seen": seen})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert sent() == []
    send(client, draft)
    assert [each.parent_id for each in sent()] == [other.grant.id]


def test_a_level_that_fell_meanwhile_is_not_exceeded(client: FlaskClient, gloria: Account) -> None:
    one = Client(gloria, 1)
    draft = begin(client, gloria)
    allow(client, draft, level="full")
    seen = values_of(client.get(f"{draft}/check"))["seen"]
    grants.change_level(one.grant, Level.READ_ONLY, by=one.holder.actor, at=clock.now())
    db.session.commit()
    answer = post(client, f"{draft}/check", {**ACCEPTED, "seen": seen})
    assert "more than you may do yourself" in errors_of(answer)[""]
    assert sent() == []


def test_it_is_sent_once(client: FlaskClient, gloria: Account) -> None:
    Client(gloria, 1)
    draft = begin(client, gloria)
    allow(client, draft)
    confirmation = send(client, draft)
    for page in ("person", "clients", "access", "installations", "check"):
        assert client.get(f"{draft}/{page}").location == confirmation
    assert len(sent()) == 1


def test_a_draft_and_what_became_of_it_are_the_managers_alone(
    client: FlaskClient, gloria: Account
) -> None:
    Client(gloria, 1)
    carla = scene.carla()
    Client(carla, 2)
    draft = begin(client, gloria)
    allow(client, draft)
    sign_in_as(client, carla)
    pages = ("person", "clients", "clients/all", "access", "installations", "check")
    for page in pages:
        assert client.get(f"{draft}/{page}").status_code == HTTPStatus.NOT_FOUND
    sign_in_as(client, gloria)
    confirmation = send(client, draft)
    sign_in_as(client, carla)
    assert client.get(confirmation).status_code == HTTPStatus.NOT_FOUND


def test_drafts_are_forgotten_after_a_day(client: FlaskClient, gloria: Account) -> None:
    Client(gloria, 1)
    draft = begin(client, gloria)
    assert purging.purge(clock.now() + timedelta(hours=23)) == 0
    assert purging.purge(clock.now() + timedelta(hours=25)) == 1
    db.session.commit()
    assert client.get(f"{draft}/person").status_code == HTTPStatus.NOT_FOUND


def test_a_draft_leads_to_the_first_page_without_an_answer(
    client: FlaskClient, gloria: Account
) -> None:
    one = Client(gloria, 1)
    Client(gloria, 2)
    draft = begin(client, gloria)
    check = f"{draft}/check"
    assert client.get(check).location == f"{draft}/clients?return=check"
    assert client.get(f"{draft}/access").location == f"{draft}/clients"
    choose(client, draft, one)
    assert client.get(check).location == f"{draft}/access?return=check"
    data = {**ACCESS, "extent": "chosen"}
    answer = post(client, f"{draft}/access?return=check", data)
    assert answer.location == f"{draft}/installations"
    assert client.get(check).location == f"{draft}/installations?return=check"


def test_sending_asks_for_the_password_of_somebody_who_signed_in_long_ago(
    client: FlaskClient, gloria: Account
) -> None:
    Client(gloria, 1)
    draft = begin(client, gloria)
    allow(client, draft)
    sign_in_as(client, gloria, authenticated_at=clock.now() - timedelta(hours=1))
    assert "/account/confirm" in client.get(f"{draft}/check").location
