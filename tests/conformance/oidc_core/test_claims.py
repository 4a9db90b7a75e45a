"""OpenID Connect Core 1.0 section 5: claims, by scope and one by one."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from idp.extensions import db
from idp.oauth.models import Authorization
from tests.conformance.conftest import World
from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import a_client
from tests.factories.registration import an_agency
from tests.oauth import flow

AAL2 = "urn:outorga:aal2"


def asked_for(world: World, **claims: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What UserInfo and the ID Token say with the scope `openid` and these claims."""
    tokens = flow.tokens_for(world.browser, world.trusted, claims=json.dumps(claims))
    told = flow.userinfo(world.browser, tokens["access_token"]).get_json()
    return told, flow.claims_of(tokens["id_token"])


def test_5_1_1_address_has_the_members_that_are_known(world: World) -> None:
    scope = "openid address"
    tokens = flow.tokens_for(world.browser, world.trusted, scope=scope)
    assert "address" not in flow.userinfo(world.browser, tokens["access_token"]).get_json()
    an_agency(world.account)
    told = flow.userinfo(world.browser, tokens["access_token"]).get_json()["address"]
    assert set(told) == {
        "formatted",
        "street_address",
        "locality",
        "region",
        "postal_code",
        "country",
    }
    assert (told["postal_code"], told["country"]) == ("01310-100", "BR")
    assert told["locality"] in told["formatted"]


def test_5_5_a_claim_comes_where_it_was_asked_for_and_no_other_comes(world: World) -> None:
    told, id_token = asked_for(
        world, userinfo={"email": {"essential": True}}, id_token={"name": None}
    )
    assert (told["email"], "name" in told) == ("maria@example.com", False)
    assert (id_token["name"], "email" in id_token) == (world.account.name, False)


def test_5_5_what_is_not_understood_is_passed_over(world: World) -> None:
    told, id_token = asked_for(
        world,
        userinfo={"shoe_size": {"essential": True}, "email": {"purpose": "to write"}},
        id_token={"auth_time": {"essential": True}},
        elsewhere={"name": None},
    )
    assert set(told) == {"sub", "email"}
    assert "auth_time" in id_token


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[]",
        "1",
        '{"userinfo":[]}',
        '{"userinfo":{"email":1}}',
        '{"userinfo":{"email":{"essential":"yes"}}}',
        '{"id_token":{"acr":{"values":"x"}}}',
        '{"id_token":{"acr":{"value":{"x":1}}}}',
        '{"id_token":{"sub":{"value":"\\u0000"}}}',
    ],
)
def test_5_5_what_is_not_of_its_shape_is_refused(world: World, text: str) -> None:
    refused = flow.answered(flow.authorize(world.browser, world.trusted, claims=text))
    assert refused["error"] == "invalid_request"


def test_5_5_nobody_gets_by_name_what_their_registration_does_not_open(world: World) -> None:
    narrow = a_client(first_party=True, scope="openid")
    claims = json.dumps({"userinfo": {"email": {"essential": True}, "tax_id": None}})
    tokens = flow.tokens_for(world.browser, narrow, scope="openid", claims=claims)
    assert flow.userinfo(world.browser, tokens["access_token"]).get_json() == {"sub": MARIA}
    assert db.session.scalars(select(Authorization.claims_requested)).all() == [None]


def test_5_5_the_person_is_told_of_what_is_asked_for_by_name(world: World) -> None:
    claims = json.dumps({"userinfo": {"email": None}, "id_token": {"phone_number": None}})
    page = flow.authorize(world.browser, world.other, claims=claims)
    assert "Your e-mail address" in page.text
    assert "Your phone number" in page.text
    code = flow.answered(flow.agree(world.browser, page))["code"]
    tokens = flow.exchange(world.browser, world.other, code).get_json()
    assert "email" in flow.userinfo(world.browser, tokens["access_token"]).get_json()


def test_5_5_agreeing_to_less_before_is_not_agreeing_to_this(world: World) -> None:
    flow.code_for(world.browser, world.other, scope="openid")
    assert "code" in flow.answered(flow.authorize(world.browser, world.other, scope="openid"))
    more = json.dumps({"userinfo": {"email": None}})
    again = flow.authorize(world.browser, world.other, scope="openid", claims=more)
    assert 'id="consent-allow"' in again.text
    silent = flow.authorize(world.browser, world.other, claims=more, prompt="none")
    assert flow.answered(silent)["error"] == "consent_required"


def test_5_5_a_refreshed_id_token_says_the_same(world: World) -> None:
    claims = json.dumps({"id_token": {"email": None}})
    tokens = flow.tokens_for(world.browser, world.trusted, claims=claims)
    again = flow.refresh(world.browser, world.trusted, tokens["refresh_token"]).get_json()
    assert flow.claims_of(again["id_token"])["email"] == "maria@example.com"


@pytest.mark.parametrize("place", ["id_token", "userinfo"])
def test_5_5_1_a_subject_is_that_one_or_nobody(world: World, place: str) -> None:
    own, other = (json.dumps({place: {"sub": {"value": each}}}) for each in (MARIA, JOAO))
    assert "code" in flow.answered(flow.authorize(world.browser, world.trusted, claims=own))
    silent = flow.authorize(world.browser, world.trusted, claims=other, prompt="none")
    assert flow.answered(silent)["error"] == "login_required"
    sent = flow.authorize(world.browser, world.trusted, claims=other)
    assert urlsplit(sent.headers["Location"]).path == "/login"


def test_5_5_1_two_different_subjects_are_nobody(world: World) -> None:
    both = {
        "id_token": {"sub": {"value": MARIA}},
        "userinfo": {"sub": {"value": JOAO}},
    }
    refused = flow.authorize(world.browser, world.trusted, claims=json.dumps(both))
    assert flow.answered(refused)["error"] == "invalid_request"


def test_5_5_1_1_an_essential_acr_is_a_condition(world: World) -> None:
    claims = json.dumps({"id_token": {"acr": {"essential": True, "values": [AAL2]}}})
    silent = flow.authorize(world.browser, world.trusted, claims=claims, prompt="none")
    assert flow.answered(silent)["error"] == "interaction_required"


def test_5_5_the_metadata_says_so(world: World) -> None:
    metadata = world.browser.get("/.well-known/openid-configuration").get_json()
    assert metadata["claims_parameter_supported"] is True
    assert {"address", "email", "name"} <= set(metadata["claims_supported"])
    assert metadata["display_values_supported"] == ["page", "popup", "touch", "wap"]
