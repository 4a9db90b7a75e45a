"""What a proof has to look like (RFC 9449 sections 4.2 and 4.3), without a database."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwk
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from idp.oauth.dpop import proofs, rules
from idp.oauth.dpop.errors import InvalidProof
from tests.oauth.proving import THUMBPRINT_LENGTH, a_key, ath, claims, proof, signed
from tests.refusals import refusal_of

ADDRESS = "https://id.example/oauth/token"
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
KEY = a_key()
RSA = a_key("RS256")


@pytest.mark.parametrize("algorithm", proofs.ALGORITHMS)
def test_a_proof_by_each_algorithm_names_the_key_that_signed_it(algorithm: str) -> None:
    key = a_key(algorithm)
    found = proofs.read(proof(key, address=ADDRESS, algorithm=algorithm))
    assert found.thumbprint == jwk.import_key(key.as_dict(private=False)).thumbprint()
    assert len(found.thumbprint) == THUMBPRINT_LENGTH
    assert (found.algorithm, found.method, found.address) == (algorithm, "POST", ADDRESS)


def test_what_a_key_says_of_itself_does_not_change_its_thumbprint() -> None:
    named = {**KEY.as_dict(private=False), "kid": "x", "use": "sig", "alg": "ES256"}
    text = signed(claims("POST", ADDRESS), KEY, jwk=named)
    assert proofs.read(text).thumbprint == KEY.thumbprint()


def body(**changes: Any) -> dict[str, Any]:
    return claims("POST", ADDRESS, **changes)


def tampered() -> str:
    header, _payload, signature = proof(KEY, address=ADDRESS).split(".")
    other = base64.urlsafe_b64encode(json.dumps(body(htm="GET")).encode()).rstrip(b"=").decode()
    return f"{header}.{other}.{signature}"


def unsigned(**header: Any) -> str:
    parts = ({"typ": "dpop+jwt", "jwk": KEY.as_dict(private=False), **header}, body())
    encoded = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts]
    return b".".join([*encoded, b""]).decode()


def with_public_key_as_secret(secret: bytes) -> str:
    text = unsigned(alg="HS256")
    signature = hmac.digest(secret, text.rpartition(".")[0].encode(), "sha256")
    return text + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def with_private_key() -> str:
    return signed(body(), KEY, jwk=KEY.as_dict(private=True))


FORGED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no JWT": lambda: "x",
    "two proofs in one header": lambda: f"{proof(KEY)},{proof(KEY)}",
    "five parts": lambda: f"{proof(KEY)}.x.y",
    "not ASCII": lambda: "é.é.é",
    "too long": lambda: proof(KEY, jti="x" * 5000),
    "header is a list": lambda: "WyJhbGciXQ.e30.x",
    "claims are a list": lambda: signed(["jti", "htm", "htu", "iat"], KEY),
    "deep claims": lambda: ".".join(
        [proof(KEY).split(".")[0], base64.urlsafe_b64encode(b"[" * 2500).decode(), "x"]
    ),
    "no typ": lambda: signed(body(), KEY, typ=None),
    "typ JWT": lambda: signed(body(), KEY, typ="JWT"),
    "typ at+jwt": lambda: signed(body(), KEY, typ="at+jwt"),
    "typ in capitals": lambda: signed(body(), KEY, typ="DPOP+JWT"),
    "no alg": unsigned,
    "alg none": lambda: unsigned(alg="none"),
    "alg None": lambda: unsigned(alg="None"),
    "alg a list": lambda: unsigned(alg=["ES256"]),
    "public key as secret, in PEM": lambda: with_public_key_as_secret(
        ECKey.import_key(KEY.as_dict()).as_pem(private=False)
    ),
    "public key as secret, in JSON": lambda: with_public_key_as_secret(
        json.dumps(KEY.as_dict(private=False)).encode()
    ),
    "own secret": lambda: signed(
        body(), KEY, by=OctKey.import_key("x" * 32), alg="HS256", jwk={"kty": "oct", "k": "eHh4"}
    ),
    "alg of another size": lambda: signed(body(), ECKey.generate_key("P-384"), alg="ES384"),
    "alg RS512": lambda: signed(body(), RSA, alg="RS512"),
    "RSA algorithm and EC key": lambda: signed(body(), KEY, by=RSA, alg="RS256"),
    "no jwk": lambda: signed(body(), KEY, jwk=None),
    "jwk of another": lambda: signed(body(), KEY, by=a_key()),
    "jwk is text": lambda: unsigned(alg="ES256", jwk="x"),
    "jwk without kty": lambda: signed(body(), KEY, jwk={"x": "x"}),
    "jwk off its curve": lambda: signed(body(), KEY, jwk={**KEY.as_dict(private=False), "x": "eA"}),
    "jwk with a number": lambda: signed(body(), KEY, jwk={**KEY.as_dict(private=False), "x": 1}),
    "private key": with_private_key,
    "part of a private RSA key": lambda: signed(
        body(), RSA, alg="PS256", jwk={**RSA.as_dict(private=False), "p": "x"}
    ),
    "small RSA key": lambda: signed(body(), RSAKey.generate_key(1024, auto_kid=False), alg="PS256"),
    "X25519 key": lambda: signed(
        body(), KEY, alg="ES256", jwk=OKPKey.generate_key("X25519").as_dict(private=False)
    ),
    "signature of another proof": tampered,
    "signature cut off": lambda: proof(KEY).rpartition(".")[0] + ".",
    "crit": lambda: signed(body(), KEY, crit=["b64"], b64=True),
    "no jti": lambda: signed(body(jti=None), KEY),
    "empty jti": lambda: signed(body(jti=""), KEY),
    "jti with half a character": lambda: signed(body(jti="\ud800"), KEY),
    "nonce with half a character": lambda: signed(body(nonce="\ud800"), KEY),
    "jti a number": lambda: signed(body(jti=1), KEY),
    "no htm": lambda: signed(body(htm=None), KEY),
    "no htu": lambda: signed(body(htu=None), KEY),
    "htu a list": lambda: signed(body(htu=[ADDRESS]), KEY),
    "no iat": lambda: signed(body(iat=None), KEY),
    "iat text": lambda: signed(body(iat="1"), KEY),
    "iat true": lambda: signed(body(iat=True), KEY),
    "iat NaN": lambda: signed(body(iat=float("nan")), KEY),
    "iat endless": lambda: signed(body(iat=float("inf")), KEY),
    "iat beyond every number": lambda: signed(body(iat=10**400), KEY),
    "jwk a list": lambda: unsigned(alg="ES256", jwk=["EC"]),
    "ath a number": lambda: signed(body(ath=1), KEY),
    "nonce a list": lambda: signed(body(nonce=["x"]), KEY),
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_a_proof_is_refused(name: str) -> None:
    with pytest.raises(InvalidProof):
        proofs.read(FORGED[name]())


def read(**changes: Any) -> proofs.Proof:
    return proofs.read(proof(KEY, **{"address": ADDRESS, **changes}))


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        f"{ADDRESS}?query=1#fragment",
        "HTTPS://ID.example/oauth/token",
        "https://id.example:443/oauth/token",
        "https://id.example/%6Fauth/./x/../token",
    ],
)
def test_the_address_is_compared_as_an_address_without_query_and_fragment(address: str) -> None:
    shown = read(address=address)
    assert refusal_of(rules.check_request, shown, method="POST", address=ADDRESS) is None


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", ADDRESS),
        ("post", ADDRESS),
        ("POST", f"{ADDRESS}/"),
        ("POST", "https://id.example/oauth/Token"),
        ("POST", "https://id.example/oauth%2Ftoken"),
        ("POST", "https://id.example//oauth/token"),
        ("POST", "http://id.example/oauth/token"),
        ("POST", "https://id.example:8443/oauth/token"),
        ("POST", "https://evil.example/oauth/token"),
        ("POST", "https://id.example@evil.example/oauth/token"),
        ("POST", "https://user@id.example/oauth/token"),
        ("POST", "https://id.example:99999/oauth/token"),
        ("POST", "//id.example/oauth/token"),
        ("POST", "/oauth/token"),
        ("POST", "https://[id.example/oauth/token"),
        ("POST", "https://id.example\\oauth\\token"),
        ("POST", "javascript:alert(1)"),
        ("POST", "https://"),
    ],
)
def test_a_proof_for_another_request_is_refused(method: str, address: str) -> None:
    with pytest.raises(InvalidProof):
        rules.check_request(read(method=method, address=address), method="POST", address=ADDRESS)


def test_two_addresses_that_are_none_are_not_the_same() -> None:
    with pytest.raises(InvalidProof):
        rules.check_request(read(address="x"), method="POST", address="y")


@pytest.mark.parametrize("seconds", [-60, -10, 0, 10, 59.5, 60])
def test_clocks_may_differ_by_a_minute(seconds: float) -> None:
    shown = read(iat=(AT + timedelta(seconds=seconds)).timestamp())
    assert refusal_of(rules.check_time, shown, at=AT) is None


@pytest.mark.parametrize("seconds", [-3600, -61, 61, 3600])
def test_an_old_proof_and_one_of_the_future_are_refused(seconds: float) -> None:
    with pytest.raises(InvalidProof):
        rules.check_time(read(iat=(AT + timedelta(seconds=seconds)).timestamp()), at=AT)


def test_a_proof_is_for_the_token_that_is_shown() -> None:
    assert refusal_of(rules.check_token, read(ath=ath("token")), "token") is None
    for other in (read(ath=ath("other")), read(), read(ath="token"), read(ath="é")):
        with pytest.raises(InvalidProof):
            rules.check_token(other, "token")
