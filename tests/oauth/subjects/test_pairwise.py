"""An application that has no business knowing tax ids reads none, anywhere."""

import base64
import hmac
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock, sealing
from idp.accounts.data import erasure, exporting
from idp.accounts.data.exporting import Format
from idp.extensions import db
from idp.oauth import caching, subjects
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.models import Client
from idp.oauth.subjects.models import PairwiseSubject, SubjectSecret
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import REDIRECT_URI, a_client, a_resource_server
from tests.factories.registry import an_installation
from tests.oauth import flow

SCOPE = "openid profile email grants offline_access"
MARIA = "br:cpf:52998224725"
JOAO = "br:cpf:39053344705"


def a_partner(**metadata: Any) -> RegisteredClient:
    return a_client(**{"subject_type": "pairwise", "scope": SCOPE, **metadata})


def sub_at(browser: FlaskClient, client: RegisteredClient) -> str:
    return str(flow.claims_of(flow.tokens_for(browser, client)["id_token"])["sub"])


def ask(browser: FlaskClient, path: str, token: str, **body: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return browser.post(f"/access/v1/{path}", json=body, headers=headers)


def test_the_name_is_an_hmac_of_sector_and_account(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    sub = sub_at(client, a_partner())
    row = db.session.scalars(db.select(SubjectSecret)).one()
    secret = sealing.unseal(row.sealed_secret)
    digest = hmac.digest(secret.encode(), f"app.example|{maria.id}".encode(), "sha256")
    assert sub == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert secret not in row.sealed_secret


def test_one_sector_has_one_name_and_another_sector_another(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    first, second = a_partner(), a_partner(client_name="The same house")
    sector = "https://elsewhere.example/callback"
    other = a_partner(sector_identifier_uri="https://sector.example/uris.json")
    assert sub_at(client, first) == sub_at(client, second)
    assert sub_at(client, first) != sub_at(client, other)
    assert sector != REDIRECT_URI


def test_somebody_else_has_another_name(client: FlaskClient) -> None:
    partner = a_partner()
    sign_in_as(client, an_account())
    maria = sub_at(client, partner)
    sign_in_as(client, joao())
    assert sub_at(client, partner) != maria


def the_story(browser: FlaskClient) -> tuple[RegisteredClient, dict[str, Any]]:
    """João sees an installation of Maria's, and one of somebody who has no account."""
    maria, delegate = an_account(), joao()
    a_grant(maria, delegate, [an_installation(maria.tax_id)])
    an_installation(delegate.tax_id)
    sign_in_as(browser, delegate)
    partner = a_partner()
    return partner, flow.tokens_for(browser, partner, scope=SCOPE)


def test_no_answer_holds_a_tax_id(client: FlaskClient) -> None:
    partner, answer = the_story(client)
    seen = [
        json.dumps(answer["authorization_details"]),
        json.dumps(flow.claims_of(answer["access_token"])),
        json.dumps(flow.claims_of(answer["id_token"])),
        flow.userinfo(client, answer["access_token"]).text,
        json.dumps(flow.introspect(client, a_resource_server(), answer["access_token"])),
        json.dumps(flow.introspect(client, partner, answer["access_token"])),
        flow.refresh(client, partner, answer["refresh_token"]).text,
        ask(
            client,
            "search/resource",
            answer["access_token"],
            subject={"type": "user", "id": flow.claims_of(answer["id_token"])["sub"]},
            action={"name": "read"},
            resource={"type": "installation"},
        ).text,
    ]
    for text in seen:
        assert "52998224725" not in text
        assert "39053344705" not in text
        assert "holder" in text


def test_every_answer_has_the_same_names(client: FlaskClient) -> None:
    partner, answer = the_story(client)
    access, identity = (flow.claims_of(answer[name]) for name in ("access_token", "id_token"))
    info = flow.userinfo(client, answer["access_token"]).get_json()
    live = flow.introspect(client, a_resource_server(), answer["access_token"])
    assert access["sub"] == identity["sub"] == info["sub"] == live["sub"]
    of_each = [
        {detail["relation"]: detail["holder"] for detail in details}
        for details in (
            answer["authorization_details"],
            access["authorization_details"],
            identity["grants"],
            info["grants"],
            live["authorization_details"],
        )
    ]
    assert all(each == of_each[0] for each in of_each)
    assert of_each[0]["owner"] == access["sub"], "one's own installations are one's own"
    assert of_each[0]["delegate"] != access["sub"]


def test_introspection_still_follows_the_grants(client: FlaskClient) -> None:
    partner, answer = the_story(client)
    live = flow.introspect(client, partner, answer["access_token"])
    assert {each["relation"] for each in live["authorization_details"]} == {"owner", "delegate"}


def test_an_online_decision_is_asked_for_in_those_names(client: FlaskClient) -> None:
    _partner, answer = the_story(client)
    claims = flow.claims_of(answer["access_token"])
    (shared,) = [each for each in claims["authorization_details"] if each["relation"] == "delegate"]
    question = {
        "subject": {"type": "user", "id": claims["sub"]},
        "action": {"name": "read"},
        "resource": {
            "type": "installation",
            "id": shared["installations"][0],
            "properties": {"holder": shared["holder"]},
        },
    }
    token = answer["access_token"]
    assert ask(client, "evaluation", token, **question).get_json()["decision"] is True
    by_tax_id = {**question, "subject": {"type": "user", "id": JOAO}}
    assert ask(client, "evaluation", token, **by_tax_id).status_code == 403
    question["resource"]["properties"]["holder"] = MARIA
    assert ask(client, "evaluation", token, **question).get_json()["decision"] is False


def test_a_resource_server_may_ask_about_the_name_in_the_token(client: FlaskClient) -> None:
    _partner, answer = the_story(client)
    claims = flow.claims_of(answer["access_token"])
    for detail in claims["authorization_details"]:
        question = {
            "subject": {"type": "user", "id": claims["sub"]},
            "action": {"name": "read"},
            "resource": {"type": "installation", "id": detail["installations"][0]},
        }
        headers = flow.basic(a_resource_server())
        asked = client.post("/access/v1/evaluation", json=question, headers=headers)
        assert asked.get_json()["decision"] is True


def rar(holder: str) -> str:
    return json.dumps([{"type": "installation_access", "holder": holder}])


def test_a_holder_is_asked_for_by_their_name(client: FlaskClient) -> None:
    partner, answer = the_story(client)
    names = {each["relation"]: each["holder"] for each in answer["authorization_details"]}
    asked = flow.tokens_for(client, partner, authorization_details=rar(names["delegate"]))
    assert {each["holder"] for each in asked["authorization_details"]} == {names["delegate"]}


@pytest.mark.parametrize("holder", [MARIA, "x" * 43, "", "br:cpf:11111111111"])
def test_guessing_a_tax_id_or_a_name_tells_nothing(client: FlaskClient, holder: str) -> None:
    partner, _answer = the_story(client)
    refused = flow.answered(flow.authorize(client, partner, authorization_details=rar(holder)))
    assert refused["error"] == "invalid_authorization_details"


def test_another_sectors_name_is_no_name(client: FlaskClient) -> None:
    """Else two partners could find out that they speak of the same person."""
    _partner, answer = the_story(client)
    names = {each["relation"]: each["holder"] for each in answer["authorization_details"]}
    other = a_partner(sector_identifier_uri="https://sector.example/uris.json")
    refused = flow.answered(
        flow.authorize(client, other, authorization_details=rar(names["delegate"]))
    )
    assert refused["error"] == "invalid_authorization_details"


def test_the_tax_id_scope_is_refused_at_registration(app: Flask) -> None:
    with pytest.raises(InvalidClientMetadata) as refused:
        a_partner(scope="openid tax_id")
    assert refused.value.field == "scope"


def test_one_that_becomes_pairwise_reads_no_tax_id_by_its_old_tokens(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    answer = flow.tokens_for(client, application, scope="openid tax_id offline_access")
    assert flow.userinfo(client, answer["access_token"]).get_json()["cpf"]
    row = db.session.scalars(db.select(Client)).one()
    row.metadata_ = {**row.metadata_, "subject_type": "pairwise"}
    caching.changed()
    db.session.commit()
    fresh = flow.refresh(client, application, answer["refresh_token"]).get_json()
    for token in (answer["access_token"], fresh["access_token"]):
        info = flow.userinfo(client, token)
        assert info.get_json().keys() == {"sub"}
    assert "52998224725" not in json.dumps(flow.claims_of(fresh["id_token"]))


def test_a_public_application_reads_tax_ids_as_before(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert sub_at(client, a_client()) == MARIA
    assert db.session.scalar(db.select(db.func.count()).select_from(PairwiseSubject)) == 0


def test_a_holder_without_an_account_has_a_name_too(app: Flask) -> None:
    partner = a_partner()
    name = subjects.names_for([MARIA], partner)[MARIA]
    assert name == subjects.names_for([MARIA], partner)[MARIA]
    maria = an_account()
    another = subjects.names_for([MARIA], partner)[MARIA]
    assert another != name, "from now on it is the account that is named"
    assert subjects.find([name, another], partner) == {name: MARIA, another: MARIA}
    assert maria.id


def test_names_of_an_erased_account_are_nobodys(app: Flask) -> None:
    partner = a_partner()
    before = subjects.names_for([MARIA], partner)[MARIA]
    maria = an_account()
    name = subjects.names_for([MARIA], partner)[MARIA]
    erasure.erase(maria, by=maria.actor, at=clock.now())
    db.session.commit()
    assert subjects.find([name, before], partner) == {}
    assert db.session.scalar(db.select(db.func.count()).select_from(PairwiseSubject)) == 0


def test_the_hint_of_another_person_is_understood(client: FlaskClient) -> None:
    partner = a_partner(first_party=True)
    sign_in_as(client, an_account())
    hint = flow.tokens_for(client, partner)["id_token"]
    same = flow.answered(flow.authorize(client, partner, prompt="none", id_token_hint=hint))
    assert "code" in same
    sign_in_as(client, joao())
    other = flow.answered(flow.authorize(client, partner, prompt="none", id_token_hint=hint))
    assert other["error"] == "login_required"


def test_actors_are_named_within_one_another(app: Flask) -> None:
    partner = a_partner()
    said = {"sub": MARIA, "act": {"sub": JOAO, "act": {"sub": "es:nif:12345678Z"}}, "aud": "x"}
    told = subjects.told(said, partner)
    assert not [each for each in json.dumps(told).split('"') if each.startswith(("br:", "es:"))]
    assert subjects.understood(told, partner) == said


def test_people_take_along_the_names_they_have(client: FlaskClient) -> None:
    maria, partner = an_account(), a_partner()
    sign_in_as(client, maria)
    name = sub_at(client, partner)
    guest = joao()  # has a name of his own there, which is not hers to take along
    a_grant(guest, maria, [an_installation(guest.tax_id, "3001")])
    flow.tokens_for(client, partner)
    content = b"".join(exporting.written(maria, Format.JSON, at=clock.now()))
    assert json.loads(content)["pairwise_subjects"] == [{"sector": "app.example", "subject": name}]
