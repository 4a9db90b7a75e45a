"""Trail, applications, keys and the outbox."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from idp import clock
from idp.admin import machinery, wording
from idp.admin.models import Role
from idp.admin.trail import Filter, read_trail
from idp.audit import Event, record
from idp.extensions import db
from idp.mail.models import Mail
from idp.oauth.models import SigningKey
from tests.admin.scene import Scene, a_mail, a_scene, staff
from tests.browsing import post
from tests.factories.oauth import a_client
from tests.statements import statements_sent


def a_key(kid: str, *, active_in: int, retired_in: int | None = None) -> SigningKey:
    at = clock.now()
    key = SigningKey(
        kid=kid,
        algorithm="ES256",
        public_jwk={},
        sealed_private_jwk="",
        created_at=at,
        active_at=at + timedelta(hours=active_in),
        retired_at=None if retired_in is None else at + timedelta(hours=retired_in),
    )
    db.session.add(key)
    db.session.commit()
    return key


def test_every_kind_of_event_has_its_words() -> None:
    assert set(wording.EVENTS) == {event.value for event in Event}


def test_the_trail_shows_who_did_what(client: FlaskClient) -> None:
    scene = a_scene()
    staff(client, Role.AUDITOR)
    page = client.get("/admin/trail").text
    assert "Access given" in page
    assert "João Souza" in page
    assert f"/admin/grants/{scene.grant.public_id}" in page


@pytest.fixture
def scene(app: Flask) -> Scene:
    scene = a_scene()
    for _ in range(25):
        record(Event.SIGN_IN_SUCCEEDED, by=scene.maria.actor, account=scene.maria.public_id)
    db.session.commit()
    return scene


def test_the_trail_is_narrowed_by_kind_and_by_thing_and_paged(
    client: FlaskClient, scene: Scene
) -> None:
    staff(client, Role.REVIEWER)
    page = client.get("/admin/trail?event=sign_in.succeeded").text
    assert page.count('<td data-label="What">Signed in</td>') == 20
    older = page.split("before=")[1].split('"')[0]
    rest = client.get(f"/admin/trail?event=sign_in.succeeded&before={older}").text
    assert rest.count('<td data-label="What">Signed in</td>') == 5
    only = client.get(f"/admin/trail?grant={scene.grant.public_id}").text
    assert '<td data-label="What">Access given</td>' in only
    assert '<td data-label="What">Signed in</td>' not in only


@pytest.mark.parametrize(
    "query",
    ["event=nonsense", "event=%00", "account=%00", "grant=" + "x" * 5000, "before=x", "account='"],
)
def test_a_filter_that_makes_no_sense_breaks_nothing(client: FlaskClient, query: str) -> None:
    staff(client, Role.AUDITOR)
    assert client.get(f"/admin/trail?{query}").status_code == 200


def test_the_trail_costs_the_same_for_one_event_as_for_twenty(client: FlaskClient) -> None:
    scene = a_scene()
    staff(client, Role.AUDITOR)
    with statements_sent() as few:
        client.get("/admin/trail")
    for _ in range(25):
        record(Event.SIGN_IN_SUCCEEDED, by=scene.maria.actor, account=scene.maria.public_id)
    db.session.commit()
    with statements_sent() as many:
        client.get("/admin/trail")
    assert len(many) == len(few) <= 5


def test_applications_are_listed_and_opened(client: FlaskClient) -> None:
    application = a_client(client_name="Segunda via <b>")
    staff(client, Role.OPERATOR)
    page = client.get("/admin/clients").text
    assert application.client_id in page
    assert "Segunda via &lt;b&gt;" in page
    one = client.get(f"/admin/clients/{application.client_id}")
    assert one.status_code == 200
    assert "https://app.example/callback" in one.text
    assert "Application registered" in one.text
    assert client.get("/admin/clients/%00").status_code == 404


def test_keys_are_listed_with_what_they_are_for(client: FlaskClient) -> None:
    db.session.execute(delete(SigningKey))  # another test may have needed keys
    a_key("old", active_in=-5, retired_in=2)
    a_key("gone", active_in=-9, retired_in=-1)
    a_key("now", active_in=-1)
    a_key("soon", active_in=1)
    states = {each.key.kid: each.state for each in machinery.keys(clock.now())}
    wanted = {"old": "published", "gone": "retired", "now": "signing", "soon": "next"}
    assert wanted.items() <= states.items()
    staff(client, Role.OPERATOR)
    assert "Published, signs later" in client.get("/admin/keys").text


def test_the_outbox_tells_what_waits_and_what_was_given_up(client: FlaskClient) -> None:
    staff(client, Role.OPERATOR)
    assert "Every mail has left." in client.get("/admin/mails").text
    a_mail()
    a_mail(failed_at=clock.now())
    page = client.get("/admin/mails").text
    assert "1 mail waits" in page
    assert "m***@example.com" in page
    assert "maria@example.com" not in page


def test_a_mail_that_was_given_up_can_be_tried_again_once(client: FlaskClient) -> None:
    mail = a_mail(failed_at=clock.now())
    member = staff(client, Role.OPERATOR)
    answer = post(client, f"/admin/mails/{mail.message_id}/retry", form_path="/admin/mails")
    assert answer.status_code == 303
    assert db.session.get_one(Mail, mail.id).failed_at is None
    again = post(client, f"/admin/mails/{mail.message_id}/retry", form_path="/admin/mails")
    assert again.status_code == 404
    events = read_trail(Filter(event=Event.MAIL_RETRIED.value)).events
    assert [event.actor for event in events] == [str(member.actor)]


def test_auditors_see_the_outbox_and_can_not_retry(client: FlaskClient) -> None:
    a_mail(failed_at=clock.now())
    staff(client, Role.AUDITOR)
    page = client.get("/admin/mails")
    assert page.status_code == 200
    assert "/retry" not in page.text
