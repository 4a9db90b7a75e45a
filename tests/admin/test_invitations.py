"""An invitation in the console, and cancelling it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.audit import Event, history_of
from idp.extensions import db
from idp.invitations.models import Decision, Invitation
from tests.admin.scene import Scene, a_scene, staff
from tests.browsing import errors_of, post


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene()


def page_of(invitation: Invitation) -> str:
    return f"/admin/invitations/{invitation.public_id}"


def test_the_page_names_both_sides_and_the_installations(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    page = client.get(page_of(scene.invitation)).text
    for shown in ("Maria da Silva", "Rita Alves", "rita@example.com", "111.444.777-35", "Open"):
        assert shown in page
    assert scene.installations[0].code in page


def test_cancelling_takes_a_reason_and_is_in_the_history(client: FlaskClient, scene: Scene) -> None:
    member = staff(client)
    path = f"{page_of(scene.invitation)}/cancellation"
    answer = post(client, path, {"reason": "Sent by mistake"})
    assert (answer.status_code, answer.location) == (303, page_of(scene.invitation))
    invitation = db.session.get_one(Invitation, scene.invitation.id)
    assert invitation.decision is Decision.CANCELLED
    event = history_of("invitation", invitation.public_id)[0]
    assert (event.event, event.actor) == (Event.INVITATION_CANCELLED.value, str(member.actor))
    assert "Sent by mistake" in client.get(page_of(invitation)).text


def test_an_answered_invitation_can_not_be_cancelled(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    scene.invitation.settle(Decision.DECLINED, scene.invitation.created_at)
    db.session.commit()
    answer = post(client, f"{page_of(scene.invitation)}/cancellation", {"reason": "r"})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == [""]
    assert db.session.get_one(Invitation, scene.invitation.id).decision is Decision.DECLINED


@pytest.mark.parametrize("reason", ["", "\x00", "x" * 1001])
def test_nothing_is_cancelled_without_a_reason(
    client: FlaskClient, scene: Scene, reason: str
) -> None:
    staff(client)
    answer = post(client, f"{page_of(scene.invitation)}/cancellation", {"reason": reason})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["reason"])
