"""OpenID Connect Core 1.0, the code flow."""

from datetime import timedelta

from joserfc import jwt
from joserfc.jwk import KeySet

from idp import clock
from idp.extensions import db
from idp.oauth.tokens.id_tokens import at_hash
from tests.conformance.conftest import World
from tests.factories.accounts import MARIA
from tests.factories.oauth import a_client
from tests.oauth import flow


def test_2_the_id_token_has_what_it_must(world: World) -> None:
    claims = flow.claims_of(flow.tokens_for(world.browser, world.trusted)["id_token"])
    assert claims["iss"] == flow.ISSUER
    assert claims["sub"] == MARIA
    assert claims["aud"] == world.trusted.client_id
    assert claims["nonce"] == "a nonce"
    assert claims["exp"] > claims["iat"]
    assert claims["auth_time"] == int(world.session.authenticated_at.timestamp())
    assert claims["sid"] == world.session.public_id


def test_2_it_is_signed_with_the_algorithm_that_the_client_registered(world: World) -> None:
    jwks = KeySet.import_key_set(world.browser.get("/oauth/jwks").get_json())
    for algorithm in ("RS256", "ES256"):
        application = a_client(first_party=True, id_token_signed_response_alg=algorithm)
        token = flow.tokens_for(world.browser, application)["id_token"]
        assert flow.header_of(token)["alg"] == algorithm
        assert jwt.decode(token, jwks, [algorithm]).claims["sub"] == MARIA


def test_3_1_2_1_without_openid_there_is_no_id_token(world: World) -> None:
    assert "id_token" not in flow.tokens_for(world.browser, world.trusted, scope="email")


def test_3_1_2_1_both_get_and_post_are_served(world: World) -> None:
    sent = world.browser.post("/oauth/authorize", data=flow.request_for(world.trusted))
    assert "code" in flow.answered(world.browser.get(sent.headers["Location"]))


def test_3_1_2_1_prompt_none_never_shows_a_page(world: World) -> None:
    assert "code" in flow.answered(flow.authorize(world.browser, world.trusted, prompt="none"))
    answer = flow.authorize(world.browser, world.other, prompt="none")
    assert flow.answered(answer)["error"] == "consent_required"
    world.session.ended_at = clock.now()
    db.session.commit()
    answer = flow.authorize(world.browser, world.trusted, prompt="none")
    assert flow.answered(answer)["error"] == "login_required"


def test_3_1_2_1_prompt_none_with_anything_else_is_an_error(world: World) -> None:
    answer = flow.authorize(world.browser, world.trusted, prompt="none login")
    assert flow.answered(answer)["error"] == "invalid_request"


def test_3_1_2_1_max_age_asks_again_and_auth_time_is_told(world: World) -> None:
    world.session.authenticated_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    answer = flow.authorize(world.browser, world.trusted, max_age="10")
    assert answer.headers["Location"].startswith("/login?")
    claims = flow.claims_of(
        flow.tokens_for(world.browser, world.trusted, max_age="9999")["id_token"]
    )
    assert "auth_time" in claims


def test_3_1_2_1_optional_parameters_are_no_error(world: World) -> None:
    answer = flow.authorize(
        world.browser,
        world.trusted,
        display="popup",
        ui_locales="xx yy pt-BR",
        claims_locales="pt",
        acr_values="urn:outorga:aal1 0",
        login_hint="somebody",
        claims='{"id_token":{"acr":null}}',
        response_mode="query",
    )
    assert "code" in flow.answered(answer)


def test_3_1_3_3_at_hash_binds_the_access_token(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted)
    found = flow.claims_of(answer["id_token"])["at_hash"]
    assert found == at_hash(answer["access_token"], "RS256")
    token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
    assert at_hash(token, "RS256") == "77QmUPtjPfzWtF2AnpK9RQ"


def test_5_3_userinfo_answers_get_and_post_with_the_same_subject(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted)
    header = {"Authorization": f"Bearer {answer['access_token']}"}
    got = world.browser.get("/oauth/userinfo", headers=header).get_json()
    assert got == world.browser.post("/oauth/userinfo", headers=header).get_json() == {"sub": MARIA}


def test_5_4_each_scope_opens_its_claims_in_userinfo_and_no_others(world: World) -> None:
    opened = {
        "profile": {"name", "locale"},
        "email": {"email", "email_verified"},
        "phone": set(),
        "tax_id": {"tax_id", "cpf"},
        "assurance": {"assurance"},
        "grants": {"grants"},
    }
    for scope, names in opened.items():
        token = flow.tokens_for(world.browser, world.trusted, scope=f"openid {scope}")
        told = flow.userinfo(world.browser, token["access_token"]).get_json()
        assert set(told) == {"sub", *names}, scope


def test_5_4_personal_data_is_in_userinfo_and_not_in_the_id_token(world: World) -> None:
    scope = "openid profile email phone tax_id"
    claims = flow.claims_of(flow.tokens_for(world.browser, world.trusted, scope=scope)["id_token"])
    assert not {"name", "email", "phone_number"} & set(claims)
    assert claims["tax_id"] == {"country": "br", "scheme": "cpf", "value": "52998224725"}


def test_7_2_1_what_is_not_supported_has_its_own_error(world: World) -> None:
    answer = flow.authorize(world.browser, world.trusted, registration="x")
    assert flow.answered(answer)["error"] == "registration_not_supported"


def test_11_offline_access_is_granted_only_when_it_is_asked_for(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted, scope=None)
    assert "offline_access" not in answer["scope"].split()
    asked = flow.tokens_for(world.browser, world.trusted, scope="openid offline_access")
    assert "offline_access" in asked["scope"].split()


def test_12_2_a_refreshed_id_token_is_of_the_same_sign_in_and_without_nonce(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted)
    again = flow.refresh(world.browser, world.trusted, answer["refresh_token"]).get_json()
    before, after = flow.claims_of(answer["id_token"]), flow.claims_of(again["id_token"])
    for name in ("iss", "sub", "aud", "auth_time", "acr", "amr", "sid"):
        assert before[name] == after[name]
    assert "nonce" not in after
