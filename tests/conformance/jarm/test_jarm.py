"""JWT Secured Authorization Response Mode for OAuth 2.0 (JARM)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from idp import clock
from tests.conformance.conftest import World
from tests.conformance.oidc_form_post.test_oidc_form_post import form_of
from tests.factories.oauth import REDIRECT_URI, a_client
from tests.oauth import flow

IN_QUERY = ("jwt", "query.jwt")


def response_of(answer: TestResponse) -> str:
    """The JWT in the address, which holds nothing else."""
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith(f"{REDIRECT_URI}?")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert set(query) == {"response"}
    return query["response"][0]


def read(world: World, token: str, algorithm: str = "RS256") -> dict[str, Any]:
    """The claims, verified as section 2.4 asks."""
    jwks = KeySet.import_key_set(world.browser.get("/oauth/jwks").get_json())
    return dict(jwt.decode(token, jwks, [algorithm]).claims)


@pytest.mark.parametrize("mode", IN_QUERY)
def test_2_1_and_2_3_1_everything_stands_in_a_signed_jwt(world: World, mode: str) -> None:
    answer = flow.authorize(world.browser, world.trusted, response_mode=mode)
    claims = read(world, response_of(answer))
    assert set(claims) == {"iss", "aud", "exp", "code", "state"}
    assert claims["iss"] == flow.ISSUER
    assert claims["aud"] == world.trusted.client_id
    assert 0 < claims["exp"] - clock.now().timestamp() <= 600
    assert claims["state"] == "a state"
    assert flow.exchange(world.browser, world.trusted, claims["code"]).status_code == 200


def test_2_1_errors_are_signed_too(world: World) -> None:
    for changes in ({"scope": "nothing"}, {"prompt": "none login"}, {"code_challenge": None}):
        answer = flow.authorize(world.browser, world.trusted, response_mode="jwt", **changes)
        claims = read(world, response_of(answer))
        assert claims["error"] in {"invalid_scope", "invalid_request"}
        assert claims["aud"] == world.trusted.client_id
        assert "code" not in claims


def test_2_3_3_form_post_jwt(world: World) -> None:
    page = flow.authorize(world.browser, world.trusted, response_mode="form_post.jwt")
    form = form_of(page)
    assert set(form.fields) == {"response"}
    assert "code" in read(world, form.fields["response"])


def test_3_the_client_chooses_the_algorithm_and_rs256_is_the_default(world: World) -> None:
    default = response_of(flow.authorize(world.browser, world.trusted, response_mode="jwt"))
    assert flow.header_of(default)["alg"] == "RS256"
    other = a_client(first_party=True, authorization_signed_response_alg="ES256")
    token = response_of(flow.authorize(world.browser, other, response_mode="jwt"))
    assert flow.header_of(token)["alg"] == "ES256"
    assert "code" in read(world, token, "ES256")


def test_4_the_metadata_says_so(world: World) -> None:
    metadata = world.browser.get("/.well-known/openid-configuration").get_json()
    assert {"jwt", "query.jwt", "form_post.jwt"} <= set(metadata["response_modes_supported"])
    algorithms = metadata["authorization_signing_alg_values_supported"]
    assert "RS256" in algorithms
    assert "none" not in algorithms


def test_5_1_no_answer_passes_for_an_id_token(world: World) -> None:
    token = response_of(flow.authorize(world.browser, world.trusted, response_mode="jwt"))
    refused = flow.authorize(world.browser, world.trusted, id_token_hint=token)
    assert flow.answered(refused)["error"] == "login_required"
    logout = world.browser.get("/oauth/logout", query_string={"id_token_hint": token})
    assert logout.status_code == 200  # it asks, as it does for a stranger's hint
    assert flow.userinfo(world.browser, token).status_code == 401
