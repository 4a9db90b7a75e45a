"""RFC 9449, Demonstrating Proof of Possession. What a proof itself has to be (sections 4.2 and 4.3)
is tested without a server in `tests/oauth/dpop`."""

from datetime import timedelta

import pytest
from flask import Flask
from joserfc.jwk import Key
from werkzeug.test import TestResponse

from idp import clock
from idp.oauth.dpop import nonces
from tests.conformance.conftest import World
from tests.factories.oauth import a_client
from tests.oauth import flow, proving
from tests.oauth.proving import a_key, proof

OTHER = "https://other.example/oauth/token"


@pytest.fixture
def key() -> Key:
    return a_key()


def code_of(world: World) -> str:
    return flow.code_for(world.browser, world.trusted)


def error_of(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json()["error"]


def own_token(world: World, proof: str | None, **form: str) -> TestResponse:
    form = {"grant_type": "client_credentials", **form}
    return proving.ask_token(world.browser, world.trusted, proof, **form)


BAD_PROOF = (400, "invalid_dpop_proof")


def test_4_3_1_two_proofs_in_one_request_are_refused(world: World, key: Key) -> None:
    headers = [*flow.basic(world.trusted).items(), *[("DPoP", proof(key)) for _ in range(2)]]
    form = {"grant_type": "client_credentials"}
    assert error_of(world.browser.post("/oauth/token", data=form, headers=headers)) == BAD_PROOF


@pytest.mark.parametrize("text", ["", "x", "a.b.c"])
def test_4_3_2_what_is_no_jwt_is_refused(world: World, text: str) -> None:
    assert error_of(own_token(world, text)) == BAD_PROOF


@pytest.mark.parametrize("claim", ["jti", "htm", "htu", "iat"])
def test_4_3_3_every_claim_is_needed(world: World, key: Key, claim: str) -> None:
    body = proving.claims("POST", proving.TOKEN_ENDPOINT, **{claim: None})
    assert error_of(own_token(world, proving.signed(body, key))) == BAD_PROOF


def test_4_3_4_another_type_of_jwt_is_refused(world: World, key: Key) -> None:
    body = proving.claims("POST", proving.TOKEN_ENDPOINT)
    assert error_of(own_token(world, proving.signed(body, key, typ="JWT"))) == BAD_PROOF


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "RS256", "EdDSA"])
def test_4_3_5_the_algorithms_of_the_metadata_are_accepted(world: World, algorithm: str) -> None:
    shown = proof(a_key(algorithm), algorithm=algorithm)
    assert own_token(world, shown).status_code == 200
    metadata = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert algorithm in metadata["dpop_signing_alg_values_supported"]


def test_4_3_6_the_signature_has_to_be_by_the_key_inside(world: World, key: Key) -> None:
    body = proving.claims("POST", proving.TOKEN_ENDPOINT)
    assert error_of(own_token(world, proving.signed(body, key, by=a_key()))) == BAD_PROOF


def test_4_3_7_a_private_key_inside_is_refused(world: World, key: Key) -> None:
    body = proving.claims("POST", proving.TOKEN_ENDPOINT)
    shown = proving.signed(body, key, jwk=key.as_dict(private=True))
    assert error_of(own_token(world, shown)) == BAD_PROOF


def test_4_3_8_the_method_has_to_be_that_of_the_request(world: World, key: Key) -> None:
    assert error_of(own_token(world, proof(key, method="GET"))) == BAD_PROOF


@pytest.mark.parametrize("query", ["", "?a=b", "#c", "?a=b#c"])
def test_4_3_9_the_address_is_compared_without_query_and_fragment(
    world: World, key: Key, query: str
) -> None:
    assert own_token(world, proof(key, address=proving.TOKEN_ENDPOINT + query)).status_code == 200
    assert error_of(own_token(world, proof(key, address=OTHER + query))) == BAD_PROOF


def test_4_3_10_a_nonce_has_to_be_one_of_ours(world: World, key: Key) -> None:
    assert error_of(own_token(world, proof(key, nonce="x"))) == (400, "use_dpop_nonce")
    assert own_token(world, proof(key, nonce=nonces.current(clock.now()))).status_code == 200


@pytest.mark.parametrize("seconds", [-3600, -70, 70, 3600])
def test_4_3_11_it_has_to_be_made_just_now(world: World, key: Key, seconds: int) -> None:
    made = int(clock.now().timestamp()) + seconds
    assert error_of(own_token(world, proof(key, iat=made))) == BAD_PROOF


def test_4_3_12_with_a_token_it_is_for_that_token_and_by_its_key(world: World, key: Key) -> None:
    token = proving.tokens_for(world.browser, world.trusted, key)["access_token"]

    def ask(by: Key, made_for: str | None) -> TestResponse:
        shown = proof(by, "GET", proving.USERINFO, token=made_for)
        return proving.userinfo(world.browser, token, shown)

    assert ask(key, token).status_code == 200
    for by, made_for, error in (
        (key, None, "invalid_dpop_proof"),
        (key, "another token", "invalid_dpop_proof"),
        (a_key(), token, "invalid_token"),
    ):
        refused = ask(by, made_for)
        assert refused.status_code == 401
        assert f'error="{error}"' in refused.headers["WWW-Authenticate"]


def test_5_a_token_that_is_bound_is_of_type_dpop(world: World, key: Key) -> None:
    for answer in (
        own_token(world, proof(key)).get_json(),
        proving.tokens_for(world.browser, world.trusted, key),
    ):
        assert answer["token_type"] == "DPoP"
        assert flow.claims_of(answer["access_token"])["cnf"] == {"jkt": key.thumbprint()}


def test_5_without_a_proof_tokens_are_bearer_tokens_as_before(world: World) -> None:
    answer = own_token(world, None).get_json()
    assert answer["token_type"] == "Bearer"
    assert "cnf" not in flow.claims_of(answer["access_token"])


def test_5_a_public_clients_refresh_token_is_bound_to_its_key(world: World, key: Key) -> None:
    first = proving.tokens_for(world.browser, world.public, key)["refresh_token"]
    for shown in (None, proof(a_key())):
        refused = proving.refresh(world.browser, world.public, first, shown)
        assert error_of(refused) == (400, "invalid_grant")
    second = proving.refresh(world.browser, world.public, first, proof(key))
    assert second.get_json()["token_type"] == "DPoP"
    token = second.get_json()["refresh_token"]
    assert proving.refresh(world.browser, world.public, token, None).status_code == 400
    assert proving.refresh(world.browser, world.public, token, proof(key)).status_code == 200


def test_5_a_confidential_client_may_change_its_key_on_refresh(world: World, key: Key) -> None:
    first = proving.tokens_for(world.browser, world.trusted, key)["refresh_token"]
    other = a_key()
    second = proving.refresh(world.browser, world.trusted, first, proof(other)).get_json()
    assert flow.claims_of(second["access_token"])["cnf"] == {"jkt": other.thumbprint()}


def test_5_1_the_metadata_names_the_algorithms_and_none_is_symmetric(world: World) -> None:
    metadata = world.browser.get("/.well-known/openid-configuration").get_json()
    assert set(metadata["dpop_signing_alg_values_supported"]) == {
        "ES256",
        "PS256",
        "RS256",
        "EdDSA",
    }


def test_5_2_a_client_registered_for_bound_tokens_gets_no_others(world: World, key: Key) -> None:
    client = a_client(first_party=True, dpop_bound_access_tokens=True)
    form = {"grant_type": "client_credentials"}
    assert error_of(proving.ask_token(world.browser, client, None, **form)) == BAD_PROOF
    assert proving.ask_token(world.browser, client, proof(key), **form).status_code == 200
    code = flow.code_for(world.browser, client)
    assert error_of(proving.exchange(world.browser, client, code, None)) == BAD_PROOF
    assert proving.exchange(world.browser, client, code, proof(key)).status_code == 200


def test_6_2_introspection_says_what_a_token_is_bound_to(world: World, key: Key) -> None:
    token = own_token(world, proof(key), resource="https://api.example").get_json()["access_token"]
    told = flow.introspect(world.browser, world.api, token)
    assert (told["active"], told["token_type"]) == (True, "DPoP")
    assert told["cnf"] == {"jkt": key.thumbprint()}


def test_7_1_a_bound_token_is_shown_with_a_proof_at_each_of_our_endpoints(
    world: World, key: Key
) -> None:
    client = a_client(
        first_party=True, grant_types=("client_credentials",), introspect=True, scope="grant_uses"
    )
    answer = proving.ask_token(
        world.browser, client, proof(key), grant_type="client_credentials"
    ).get_json()
    token = answer["access_token"]
    for path in ("/access/v1/evaluation", "/api/v1/grants/g_x/uses"):
        shown = proof(key, "POST", flow.ISSUER + path, token=token)

        def ask(scheme: str, path: str = path, **headers: str) -> TestResponse:
            headers = {"Authorization": f"{scheme} {token}", **headers}
            return world.browser.post(path, json={}, headers=headers)

        accepted = ask("DPoP", DPoP=shown)
        assert accepted.status_code not in (401, 403)
        assert accepted.headers["DPoP-Nonce"]
        for refused in (ask("DPoP"), ask("Bearer"), ask("DPoP", DPoP=shown)):
            assert refused.status_code == 401, path


def test_7_1_a_refusal_names_the_scheme_the_error_and_the_algorithms(
    world: World, key: Key
) -> None:
    token = proving.tokens_for(world.browser, world.trusted, key)["access_token"]
    refused = proving.userinfo(world.browser, token, None)
    challenge = refused.headers["WWW-Authenticate"]
    assert challenge.startswith("DPoP ")
    assert 'error="invalid_dpop_proof"' in challenge
    assert 'algs="ES256 PS256 RS256 EdDSA"' in challenge


def test_7_1_an_unbound_token_is_refused_with_the_scheme_dpop(world: World, key: Key) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    shown = proof(key, "GET", proving.USERINFO, token=token)
    assert proving.userinfo(world.browser, token, shown).status_code == 401
    assert flow.userinfo(world.browser, token).status_code == 200


def test_7_2_a_bound_token_is_refused_with_the_scheme_bearer(world: World, key: Key) -> None:
    token = proving.tokens_for(world.browser, world.trusted, key)["access_token"]
    shown = proof(key, "GET", proving.USERINFO, token=token)
    for response in (
        flow.userinfo(world.browser, token),
        proving.userinfo(world.browser, token, shown, scheme="Bearer"),
        world.browser.post("/oauth/userinfo", data={"access_token": token}),
    ):
        assert response.status_code == 401
        challenges = response.headers.getlist("WWW-Authenticate")
        assert 'error="invalid_token"' in challenges[0]
        assert challenges[1].startswith("DPoP algs=")


def test_7_2_who_shows_nothing_is_told_both_schemes(world: World) -> None:
    challenges = world.browser.get("/oauth/userinfo").headers.getlist("WWW-Authenticate")
    assert [each.split()[0] for each in challenges] == ["Bearer", "DPoP"]
    assert not any("error" in each for each in challenges)


def test_8_who_has_to_bring_a_nonce_is_given_one_to_try_again_with(
    world: World, key: Key, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DPOP_NONCES", "all")
    refused = own_token(world, proof(key))
    assert error_of(refused) == (400, "use_dpop_nonce")
    assert refused.headers["Cache-Control"] == "no-store"
    again = own_token(world, proof(key, nonce=refused.headers["DPoP-Nonce"]))
    assert again.status_code == 200


def test_8_2_answers_to_proofs_bring_a_nonce_and_others_don_t(world: World, key: Key) -> None:
    assert own_token(world, proof(key)).headers["DPoP-Nonce"]
    assert own_token(world, "x").headers["DPoP-Nonce"]
    assert "DPoP-Nonce" not in own_token(world, None).headers


def test_9_our_own_resources_ask_for_a_nonce_by_a_challenge(
    world: World, key: Key, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = proving.tokens_for(world.browser, world.trusted, key)["access_token"]
    monkeypatch.setitem(app.config, "DPOP_NONCES", "all")
    shown = proof(key, "GET", proving.USERINFO, token=token)
    refused = proving.userinfo(world.browser, token, shown)
    assert refused.status_code == 401
    assert 'error="use_dpop_nonce"' in refused.headers["WWW-Authenticate"]
    nonce = refused.headers["DPoP-Nonce"]
    again = proof(key, "GET", proving.USERINFO, token=token, nonce=nonce)
    assert proving.userinfo(world.browser, token, again).status_code == 200


def test_10_a_code_is_bound_to_the_key_that_the_request_named(world: World, key: Key) -> None:
    jkt = key.thumbprint()
    code = flow.code_for(world.browser, world.trusted, dpop_jkt=jkt)
    for shown in (None, proof(a_key())):
        refused = proving.exchange(world.browser, world.trusted, code, shown)
        assert error_of(refused) == (400, "invalid_grant")
    assert proving.exchange(world.browser, world.trusted, code, proof(key)).status_code == 200


def test_10_a_malformed_thumbprint_is_refused(world: World) -> None:
    answer = flow.authorize(world.browser, world.trusted, dpop_jkt="x")
    assert flow.answered(answer)["error"] == "invalid_request"


def pushed(world: World, key: Key, **changes: str | None) -> TestResponse:
    headers = flow.basic(world.trusted) | {
        "DPoP": proof(key, "POST", f"{flow.ISSUER}/oauth/par"),
    }
    form = flow.request_for(world.trusted, **changes)
    return world.browser.post("/oauth/par", data=form, headers=headers)


def test_10_1_a_proof_with_a_pushed_request_binds_its_code(world: World, key: Key) -> None:
    answer = pushed(world, key)
    assert answer.status_code == 201
    assert answer.headers["DPoP-Nonce"]
    query = {
        "client_id": world.trusted.client_id,
        "request_uri": answer.get_json()["request_uri"],
    }
    code = flow.answered(world.browser.get("/oauth/authorize", query_string=query))["code"]
    refused = proving.exchange(world.browser, world.trusted, code, proof(a_key()))
    assert error_of(refused) == (400, "invalid_grant")
    assert proving.exchange(world.browser, world.trusted, code, proof(key)).status_code == 200


def test_10_1_another_thumbprint_beside_the_proof_is_refused(world: World, key: Key) -> None:
    assert pushed(world, key, dpop_jkt=key.thumbprint()).status_code == 201
    assert pushed(world, key, dpop_jkt=a_key().thumbprint()).status_code == 400


def test_11_1_a_proof_is_accepted_once(world: World, key: Key) -> None:
    shown = proof(key)
    assert own_token(world, shown).status_code == 200
    assert error_of(own_token(world, shown)) == BAD_PROOF


def test_11_3_a_nonce_is_of_no_use_after_its_time(
    world: World, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = nonces.current(clock.now() - timedelta(days=365))
    assert error_of(own_token(world, proof(key, nonce=old))) == (400, "use_dpop_nonce")
