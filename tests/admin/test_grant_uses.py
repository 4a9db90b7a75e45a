"""What staff read about the use of a grant."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.admin.models import Role
from tests.admin.scene import Scene, a_scene, staff
from tests.browsing import links_of
from tests.factories.uses import a_use


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene()


def test_staff_read_what_was_done_and_who_told_it(client: FlaskClient, scene: Scene) -> None:
    a_use(scene.grant, scene.installations[0])
    a_use(scene.grant, scene.installations[2], "Looked at <it>")
    staff(client)
    page = client.get(f"/admin/grants/{scene.grant.public_id}")
    (link,) = [each for each in links_of(page) if each.endswith("/uses")]
    text = client.get(link).text
    assert "What João Souza did for Maria da Silva" in text
    for shown in ("Paid the bill of October", "Looked at &lt;it&gt;", "Segunda via"):
        assert shown in text
    for code in (scene.installations[0].code, scene.installations[2].code):
        assert code in text


def test_a_grant_that_nobody_used_says_so(client: FlaskClient, scene: Scene) -> None:
    staff(client, Role.AUDITOR)
    text = client.get(f"/admin/grants/{scene.grant.public_id}/uses").text
    assert "No application told of any use." in text
