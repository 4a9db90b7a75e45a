"""Keys of clients: registered, or found at their `jwks_uri`, which they rotate as they like."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from idp.oauth.clients import key_sets, keys
from idp.outbound import cache
from tests.factories.oauth import a_client
from tests.oauth.clients.signing import ED, KEY, RSA, TYPE, claims_for, jwks, signed
from tests.outbound.conftest import Clock
from tests.outbound.servers import Host, saying

pytestmark = pytest.mark.usefixtures("asking")
NEW = ECKey.generate_key("P-256", parameters={"kid": "new"})


@pytest.fixture
def ask(client: FlaskClient, host: Host) -> Callable[[Key], int]:
    """Ask for a token with an assertion that this key signed; the answer's status."""
    host.behave = saying(json.dumps(jwks(KEY)).encode())
    application = a_client(
        token_endpoint_auth_method="private_key_jwt", jwks_uri=host.url("/jwks"), jwks=None
    )

    def asking(key: Key) -> int:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": TYPE,
            "client_assertion": signed(claims_for(application), key),
        }
        return client.post("/oauth/token", data=form).status_code

    return asking


def test_keys_are_fetched_once_and_kept(ask: Callable[[Key], int], host: Host) -> None:
    assert [ask(KEY) for _time in range(3)] == [200] * 3
    assert [path for _method, path, _headers in host.asked] == ["/jwks"]


def test_a_new_key_is_found_by_its_kid_and_strangers_ask_nobody_twice(
    ask: Callable[[Key], int], host: Host, clock: Clock
) -> None:
    assert ask(KEY) == 200
    host.behave = saying(json.dumps(jwks(KEY, NEW)).encode())
    clock.now += cache.PAUSE + 1
    assert ask(NEW) == 200
    unknown = ECKey.generate_key("P-256", parameters={"kid": "unknown"})
    assert [ask(unknown) for _time in range(5)] == [401] * 5
    assert len(host.asked) == 2


def test_known_keys_are_good_while_their_host_is_down(
    ask: Callable[[Key], int], host: Host, clock: Clock
) -> None:
    assert ask(KEY) == 200
    host.behave = saying(b"", 503)
    clock.now += cache.USUALLY_FRESH + 1
    assert ask(KEY) == 200
    assert ask(NEW) == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys": 7}', b'{"keys": [7]}', b"\xff"])
def test_what_is_no_key_set_is_no_fault_of_ours(
    ask: Callable[[Key], int], host: Host, body: bytes
) -> None:
    host.behave = saying(body)
    assert ask(KEY) == 401


def test_our_own_network_is_no_place_for_keys(client: FlaskClient, app: Flask) -> None:
    app.config["OUTBOUND_ALLOWED"] = ()
    for address in ("https://127.0.0.1:1/jwks", "https://169.254.169.254/jwks"):
        application = a_client(token_endpoint_auth_method="private_key_jwt", jwks_uri=address)
        assert list(keys.of(application)) == []


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("ES256", ["one"]),
        ("RS256", ["rsa"]),
        ("PS256", ["rsa"]),
        ("EdDSA", ["ed"]),
        ("ES384", []),
        ("HS256", []),
    ],
)
def test_a_key_signs_by_its_own_algorithms_alone(
    app: Flask, algorithm: str, expected: list[str]
) -> None:
    client = a_client(jwks=jwks(KEY, RSA, ED))
    assert [each.kid for each in keys.find(client, None, algorithm, use="sig")] == expected


def test_a_key_is_used_for_what_it_says_it_is_for(app: Flask) -> None:
    sign = RSAKey.generate_key(2048, {"kid": "s", "use": "sig", "alg": "PS256"})
    encrypt = OKPKey.generate_key("X25519", {"kid": "e", "use": "enc"})
    client = a_client(jwks=jwks(sign, encrypt))

    def names(algorithm: str, use: Any) -> list[Any]:
        return [each.kid for each in keys.find(client, None, algorithm, use=use)]

    assert names("PS256", "sig") == ["s"]
    assert names("RS256", "sig") == []
    assert names("RSA-OAEP-256", "enc") == []
    assert names("ECDH-ES", "enc") == ["e"]
    assert keys.find(client, "other", "PS256", use="sig") == []


def test_of_a_set_that_holds_secrets_or_strange_keys_the_others_are_used() -> None:
    private = KEY.as_dict(private=True)
    strange = {"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"}
    public = NEW.as_dict(private=False)
    mixed = {"keys": [strange, private, {"kty": "oct", "k": "AAAA"}, public]}
    assert [each.kid for each in key_sets.usable(mixed)] == ["new"]
    assert not key_sets.is_public(mixed)
    many = {"keys": [public] * (key_sets.MAXIMUM_KEYS + 1)}
    assert not key_sets.is_public(many)
    assert len(key_sets.usable(many)) == key_sets.MAXIMUM_KEYS
