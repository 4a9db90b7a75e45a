"""RFC 9126, Pushed Authorization Requests."""

from datetime import timedelta

import pytest

from idp import clock
from idp.extensions import db
from idp.oauth.authorization.models import PushedRequest
from tests.conformance.conftest import World
from tests.factories.oauth import a_client
from tests.oauth import flow, pushing


def test_2_1_the_client_is_authenticated_as_at_the_token_endpoint(world: World) -> None:
    form = flow.request_for(world.trusted)
    refused = world.browser.post("/oauth/par", data=form)
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    wrong = flow.basic(world.trusted, "wrong")
    assert world.browser.post("/oauth/par", data=form, headers=wrong).status_code == 401
    assert pushing.push(world.browser, world.trusted).status_code == 201
    assert pushing.push(world.browser, world.public).status_code == 201


def test_2_1_a_request_uri_is_not_pushed(world: World) -> None:
    refused = pushing.push(world.browser, world.trusted, request_uri=f"{pushing.URN}x")
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"scope": "nothing"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"resource": "https://other.example"}, "invalid_target"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"client_id": "somebody-else"}, "invalid_client"),
    ],
)
def test_2_1_it_is_validated_as_at_the_authorization_endpoint(
    world: World, change: dict[str, str | None], error: str
) -> None:
    refused = pushing.push(world.browser, world.trusted, **change)
    assert refused.get_json()["error"] == error
    assert refused.status_code == (401 if error == "invalid_client" else 400)
    assert refused.headers["Cache-Control"] == "no-store"


def test_2_2_the_answer_is_201_with_a_name_and_its_life(world: World) -> None:
    answer = pushing.push(world.browser, world.trusted)
    assert answer.status_code == 201
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    assert set(body) == {"request_uri", "expires_in"}
    assert body["request_uri"].startswith(pushing.URN)
    assert len(body["request_uri"].removeprefix(pushing.URN)) >= 43  # 256 bits
    assert 5 <= body["expires_in"] <= 600


def test_2_2_no_two_requests_have_one_name(world: World) -> None:
    names = {pushing.name_of(pushing.push(world.browser, world.trusted)) for _ in range(3)}
    assert len(names) == 3


def test_2_3_only_post_is_allowed_and_too_much_is_too_much(world: World) -> None:
    assert world.browser.get("/oauth/par").status_code == 405
    huge = pushing.push(world.browser, world.trusted, state="x" * 300_000)
    assert huge.status_code == 413
    long = pushing.push(world.browser, world.trusted, state="x" * 100_000)
    assert (long.status_code, long.get_json()["error"]) == (400, "invalid_request")


def test_4_the_browser_brings_the_name_alone(world: World) -> None:
    answer = flow.answered(pushing.authorize(world.browser, world.trusted, scope="openid email"))
    assert answer["state"] == "a state"
    tokens = flow.exchange(world.browser, world.trusted, answer["code"]).get_json()
    assert tokens["scope"] == "openid email"
    assert flow.claims_of(tokens["id_token"])["nonce"] == "a nonce"


def test_4_what_stands_beside_the_name_does_not_count(world: World) -> None:
    name = pushing.name_of(pushing.push(world.browser, world.trusted))
    beside = {"scope": "openid email", "state": "evil", "redirect_uri": "https://evil.example/"}
    answer = flow.answered(world.browser.get(pushing.address_of(world.trusted, name, **beside)))
    assert answer["state"] == "a state"
    tokens = flow.exchange(world.browser, world.trusted, answer["code"]).get_json()
    assert tokens["scope"] == "openid"


def test_4_the_name_is_bound_to_its_client(world: World) -> None:
    name = pushing.name_of(pushing.push(world.browser, world.trusted))
    refused = world.browser.get(pushing.address_of(world.other, name))
    assert refused.status_code == 400
    assert 'id="error-code">invalid_request_uri<' in refused.text
    assert "code" in flow.answered(world.browser.get(pushing.address_of(world.trusted, name)))


def test_4_a_name_is_used_once(world: World) -> None:
    address = pushing.address_of(
        world.trusted, pushing.name_of(pushing.push(world.browser, world.trusted))
    )
    assert "code" in flow.answered(world.browser.get(address))
    again = world.browser.get(address)
    assert again.status_code == 400
    assert 'id="error-code">invalid_request_uri<' in again.text


def test_4_an_expired_name_is_refused(world: World) -> None:
    name = pushing.name_of(pushing.push(world.browser, world.trusted))
    row = db.session.scalars(db.select(PushedRequest)).one()
    row.expires_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    refused = world.browser.get(pushing.address_of(world.trusted, name))
    assert 'id="error-code">invalid_request_uri<' in refused.text


def test_5_and_6_the_metadata_says_where_and_clients_may_be_held_to_it(world: World) -> None:
    metadata = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert metadata["pushed_authorization_request_endpoint"] == f"{flow.ISSUER}/oauth/par"
    assert metadata["require_pushed_authorization_requests"] is False
    held = a_client(first_party=True, require_pushed_authorization_requests=True)
    refused = flow.answered(flow.authorize(world.browser, held))
    assert refused["error"] == "invalid_request"
    assert "code" in flow.answered(pushing.authorize(world.browser, held))


def test_7_1_and_7_3_nothing_of_the_name_can_be_read_from_what_is_kept(world: World) -> None:
    name = pushing.name_of(pushing.push(world.browser, world.trusted, client_secret=None))
    row = db.session.scalars(db.select(PushedRequest)).one()
    assert name.removeprefix(pushing.URN).encode() not in row.name_hash
    assert "client_secret" not in row.parameters
