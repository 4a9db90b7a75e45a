"""A grant in the console: what it shows, and taking it back with a reason."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.admin.models import Role
from idp.audit import Event, record
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, State
from idp.mail.models import Mail
from tests.admin.scene import Scene, a_scene, staff
from tests.browsing import errors_of, post, values_of
from tests.factories.grants import a_grant
from tests.factories.registry import holdings
from tests.statements import statements_sent


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene()


def page_of(grant: Grant) -> str:
    return f"/admin/grants/{grant.public_id}"


def test_the_page_names_parties_installations_and_history(
    client: FlaskClient, scene: Scene
) -> None:
    staff(client)
    page = client.get(page_of(scene.grant)).text
    for shown in ("Maria da Silva", "João Souza", "Read only", "Active", "Access given"):
        assert shown in page
    assert scene.installations[0].code in page
    assert scene.installations[2].code not in page


def test_auditors_see_it_masked_and_without_the_button(client: FlaskClient, scene: Scene) -> None:
    staff(client, Role.AUDITOR)
    page = client.get(page_of(scene.grant)).text
    assert scene.maria.tax_id.formatted not in page
    assert "/revocation" not in page


def test_revoking_it_all_takes_effect_is_on_record_and_told_to_both(
    client: FlaskClient, scene: Scene
) -> None:
    member = staff(client)
    before = set(db.session.scalars(select(Mail.id)))
    answer = post(
        client,
        f"{page_of(scene.grant)}/revocation",
        {"scope": "all", "reason": "The holder called: <lost phone>"},
    )
    assert (answer.status_code, answer.location) == (303, page_of(scene.grant))
    grant = db.session.get_one(Grant, scene.grant.id)
    assert (grant.state, grant.end_reason) == (State.REVOKED, "The holder called: <lost phone>")
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.GRANT_REVOKED.value)
    ).one()
    assert (event.actor, event.grant) == (str(member.actor), grant.public_id)
    assert event.data["reason"] == "The holder called: <lost phone>"
    told = db.session.scalars(select(Mail).where(Mail.id.not_in(before))).all()
    assert {mail.recipient_address for mail in told} == {"maria@example.com", "joao@example.com"}
    page = client.get(page_of(grant)).text
    assert "Access revoked" in page
    assert "Ana Lima, staff" in page
    assert "The holder called: &lt;lost phone&gt;" in page


def test_revoking_chosen_installations_leaves_the_others(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    first = scene.installations[0]
    answer = post(
        client,
        f"{page_of(scene.grant)}/revocation",
        {"scope": "chosen", "installations": [str(first.public_id)], "reason": "Sold"},
    )
    assert answer.status_code == 303
    grant = db.session.get_one(Grant, scene.grant.id)
    assert (grant.state, grant.installation_count) == (State.ACTIVE, 1)
    page = client.get(page_of(grant)).text
    assert "Taken back" in page
    assert "Access to some installations revoked" in page
    assert "Sold" in page


@pytest.mark.parametrize(
    "chosen",
    [[], ["x"], ["\x00"], ["00000000-0000-0000-0000-000000000000"], ["' OR 1=1 --"] * 60],
)
def test_choosing_none_that_belongs_to_it_is_said_beside_the_field(
    client: FlaskClient, scene: Scene, chosen: list[str]
) -> None:
    staff(client)
    answer = post(
        client,
        f"{page_of(scene.grant)}/revocation",
        {"scope": "chosen", "installations": chosen, "reason": "Why not"},
    )
    assert answer.status_code == 422
    assert errors_of(answer) == {"installations": "Choose at least one installation."}
    assert values_of(answer)["reason"] == "Why not"
    assert db.session.get_one(Grant, scene.grant.id).installation_count == 2


def test_ticking_some_and_asking_for_all_is_asked_back(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    answer = post(
        client,
        f"{page_of(scene.grant)}/revocation",
        {
            "scope": "all",
            "installations": [str(scene.installations[0].public_id)],
            "reason": "r",
        },
    )
    assert (answer.status_code, list(errors_of(answer))) == (422, ["scope"])
    assert db.session.get_one(Grant, scene.grant.id).state is State.ACTIVE


def test_an_installation_of_another_grant_is_not_touched(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    other = holdings(str(scene.maria.tax_id), 1)
    a_grant(scene.maria, scene.joao, other)
    answer = post(
        client,
        f"{page_of(scene.grant)}/revocation",
        {"scope": "chosen", "installations": [str(other[0].public_id)], "reason": "r"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"scope": "all"}, "reason"),
        ({"scope": "all", "reason": "  "}, "reason"),
        ({"scope": "all", "reason": "\x00"}, "reason"),
        ({"scope": "all", "reason": "x" * 1001}, "reason"),
        ({"reason": "r"}, "scope"),
        ({"scope": "", "reason": "r"}, "scope"),
        ({"scope": "some' --", "reason": "r"}, "scope"),
    ],
)
def test_nothing_is_revoked_without_a_scope_and_a_reason(
    client: FlaskClient, scene: Scene, data: dict[str, str], field: str
) -> None:
    staff(client)
    answer = post(client, f"{page_of(scene.grant)}/revocation", data)
    assert answer.status_code == 422
    assert list(errors_of(answer)) == [field]
    assert db.session.get_one(Grant, scene.grant.id).state is State.ACTIVE


def test_revoking_needs_the_form_of_our_own_page(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    answer = client.post(f"{page_of(scene.grant)}/revocation", data={"scope": "all", "reason": "r"})
    assert answer.status_code == 400
    assert db.session.get_one(Grant, scene.grant.id).state is State.ACTIVE


def test_a_grant_that_has_ended_offers_no_revocation(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    services.revoke(scene.grant, by=scene.maria.actor, at=clock.now())
    db.session.commit()
    assert "/revocation" not in client.get(page_of(scene.grant)).text
    answer = client.get(f"{page_of(scene.grant)}/revocation")
    assert (answer.status_code, answer.location) == (303, page_of(scene.grant))


def test_opening_the_revocation_changes_nothing(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    page = client.get(f"{page_of(scene.grant)}/revocation")
    assert page.status_code == 200
    assert 'id="grant-revoke"' in page.text
    assert db.session.get_one(Grant, scene.grant.id).state is State.ACTIVE


@pytest.mark.parametrize("reference", ["g_unknown", "x" * 500, "%00", "g_%25", "..%2f", "é"])
@pytest.mark.parametrize("kind", ["grants", "invitations", "accounts"])
def test_what_does_not_exist_is_not_found(client: FlaskClient, kind: str, reference: str) -> None:
    staff(client)
    assert client.get(f"/admin/{kind}/{reference}").status_code == 404


def test_a_large_grant_is_shown_page_by_page_at_the_same_cost(client: FlaskClient) -> None:
    scene = a_scene(installations=2)
    staff(client)
    with statements_sent() as few:
        client.get(page_of(scene.grant))
    large = a_grant(scene.maria, scene.joao, holdings(str(scene.maria.tax_id), 60))
    with statements_sent() as many:
        page = client.get(f"{page_of(large)}?page=2").text
    assert len(many) == len(few)
    assert len(many) <= 8
    assert "21 to 40 of 60" in page
    choices = client.get(f"{page_of(large)}/revocation").text
    assert choices.count('type="checkbox"') == 50


def test_a_long_history_goes_on_page_by_page(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    for number in range(30):
        record(
            Event.GRANT_NARROWED,
            by=scene.maria.actor,
            grant=scene.grant.public_id,
            installations=number,
        )
    db.session.commit()
    page = client.get(page_of(scene.grant)).text
    assert f"{page_of(scene.grant)}/history" in page
    whole = client.get(f"{page_of(scene.grant)}/history")
    assert "before=" in whole.text
    older = whole.text.split("before=")[1].split('"')[0]
    rest = client.get(f"{page_of(scene.grant)}/history?before={older}").text
    assert "Access given" in rest
    for nonsense in ("x", "-1", "9" * 40, "%00"):
        answer = client.get(f"{page_of(scene.grant)}/history?before={nonsense}")
        assert answer.status_code == 200
