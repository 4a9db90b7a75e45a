"""OpenID Connect Core 1.0: ID Tokens and UserInfo by the algorithms that a client registered."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from idp.extensions import db
from idp.oauth.models import AuthorizationCode
from tests.conformance.conftest import World
from tests.factories.accounts import MARIA
from tests.factories.oauth import a_client
from tests.oauth import flow

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
MAKE: dict[str, Callable[[], tuple[str, Key]]] = {
    "RSA": lambda: ("RSA-OAEP-256", RSAKey.generate_key(2048, {"use": "enc"}, auto_kid=True)),
    "P-256": lambda: ("ECDH-ES", ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True)),
    "X25519": lambda: ("ECDH-ES", OKPKey.generate_key("X25519", {"use": "enc"}, auto_kid=True)),
}


@pytest.fixture(params=MAKE)
def encryption(request: pytest.FixtureRequest) -> Iterator[tuple[str, Key]]:
    """An algorithm and the client's key pair for it."""
    yield MAKE[request.param]()


def ours(world: World) -> KeySet:
    return KeySet.import_key_set(world.browser.get("/oauth/jwks").get_json())


def jwks(*keys: Key) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def opened(token: str, key: Key, algorithm: str) -> jwe.CompactEncryption:
    return jwe.decrypt_compact(token, key, [algorithm, "A256GCM"])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_2_the_id_token_is_signed_as_registered_and_at_hash_goes_with_it(
    world: World, algorithm: str
) -> None:
    application = a_client(first_party=True, id_token_signed_response_alg=algorithm)
    answer = flow.tokens_for(world.browser, application)
    read = jwt.decode(answer["id_token"], ours(world), [algorithm])
    assert read.claims["sub"] == MARIA
    hashing = hashlib.sha512 if algorithm == "EdDSA" else hashlib.sha256
    digest = hashing(answer["access_token"].encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    assert read.claims["at_hash"] == half


def test_10_2_the_id_token_is_signed_and_then_encrypted(
    world: World, encryption: tuple[str, Key]
) -> None:
    algorithm, key = encryption
    application = a_client(
        first_party=True,
        jwks=jwks(key),
        id_token_encrypted_response_alg=algorithm,
        id_token_encrypted_response_enc="A256GCM",
    )
    token = flow.tokens_for(world.browser, application)["id_token"]
    nested = opened(token, key, algorithm)
    assert nested.headers()["cty"] == "JWT"
    assert nested.headers()["kid"] == key.kid
    assert nested.plaintext is not None
    inner = jwt.decode(nested.plaintext.decode(), ours(world), ["RS256"])
    assert inner.claims["sub"] == MARIA


def test_10_2_without_a_key_to_encrypt_to_the_code_is_kept(world: World) -> None:
    """The registration is at fault, and nothing is told in the clear."""
    signing = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
    application = a_client(
        first_party=True,
        jwks=jwks(signing),
        id_token_encrypted_response_alg="RSA-OAEP-256",
        id_token_encrypted_response_enc="A256GCM",
    )
    code = flow.code_for(world.browser, application)
    refused = flow.exchange(world.browser, application, code)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_request")
    assert "id_token" not in refused.text
    assert set(db.session.scalars(db.select(AuthorizationCode.used_at))) == {None}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_5_3_2_signed_userinfo_names_issuer_and_audience(world: World, algorithm: str) -> None:
    application = a_client(first_party=True, userinfo_signed_response_alg=algorithm)
    answer = flow.tokens_for(world.browser, application, scope="openid email")
    response = flow.userinfo(world.browser, answer["access_token"])
    assert response.content_type == "application/jwt"
    claims = jwt.decode(response.text, ours(world), [algorithm]).claims
    assert (claims["iss"], claims["aud"]) == (flow.ISSUER, application.client_id)
    assert claims["sub"] == MARIA
    assert claims["email"]
    assert "no-store" in response.headers["Cache-Control"]


def test_5_3_2_userinfo_is_encrypted_with_and_without_a_signature(
    world: World, encryption: tuple[str, Key]
) -> None:
    algorithm, key = encryption
    registered: dict[str, Any] = {
        "jwks": jwks(key),
        "userinfo_encrypted_response_alg": algorithm,
        "userinfo_encrypted_response_enc": "A256GCM",
    }
    for signing in ("", "ES256"):
        application = a_client(first_party=True, userinfo_signed_response_alg=signing, **registered)
        token = flow.tokens_for(world.browser, application)["access_token"]
        response = flow.userinfo(world.browser, token)
        assert response.content_type == "application/jwt"
        nested = opened(response.text, key, algorithm)
        assert nested.plaintext is not None
        if signing:
            assert nested.headers()["cty"] == "JWT"
            claims = jwt.decode(nested.plaintext.decode(), ours(world), [signing]).claims
        else:
            assert "cty" not in nested.headers()
            claims = json.loads(nested.plaintext)
        assert claims["sub"] == MARIA


def test_5_3_2_a_userinfo_answer_passes_for_no_other_token(world: World) -> None:
    application = a_client(
        first_party=True,
        userinfo_signed_response_alg="ES256",
        post_logout_redirect_uris=("https://app.example/bye",),
    )
    token = flow.tokens_for(world.browser, application)["access_token"]
    answer = flow.userinfo(world.browser, token).text
    assert flow.userinfo(world.browser, answer).status_code == 401
    hinted = flow.authorize(world.browser, application, prompt="none", id_token_hint=answer)
    assert flow.answered(hinted)["error"] == "login_required"


def wish(**places: dict[str, Any]) -> str:
    return json.dumps(places)


def test_5_5_claims_asked_for_by_name_go_where_they_were_asked_for(world: World) -> None:
    asked = wish(userinfo={"email": {"essential": True}}, id_token={"name": None})
    answer = flow.tokens_for(world.browser, world.trusted, scope="openid", claims=asked)
    identity = flow.claims_of(answer["id_token"])
    info = flow.userinfo(world.browser, answer["access_token"]).get_json()
    assert "name" in identity and "email" not in identity
    assert info == {"sub": MARIA, "email": world.account.email}


def test_5_5_the_grants_claim_may_be_asked_for_in_one_place_alone(world: World) -> None:
    asked = wish(id_token={"grants": None})
    answer = flow.tokens_for(world.browser, world.trusted, scope="openid", claims=asked)
    assert "grants" in flow.claims_of(answer["id_token"])
    assert "grants" not in flow.userinfo(world.browser, answer["access_token"]).get_json()
    assert "authorization_details" not in flow.claims_of(answer["access_token"])
