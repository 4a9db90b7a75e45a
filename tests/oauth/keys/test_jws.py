"""What we sign ourselves, against joserfc; and what nobody but us can have signed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from idp import base64url, clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import keys
from idp.oauth.keys import jws
from tests.oauth import flow

CLAIMS = {"sub": "Zoë", "n": 1, "list": ["ã"], "none": None}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def jwks() -> KeySet:
    return KeySet.import_key_set(json.loads(keys.ring().jwks))


def encoded(header: Any) -> str:
    return base64url.encoded(json.dumps(header, separators=(",", ":")).encode())


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # the name that everybody reads
@pytest.mark.parametrize("algorithm", keys.ALGORITHMS)
def test_joserfc_verifies_what_we_sign(app: Flask, algorithm: str) -> None:
    for _ in range(5):  # an ECDSA number may be short, and is padded then
        token = keys.sign(CLAIMS, algorithm=algorithm, kind="JWT")
        read = jwt.decode(token, jwks(), [algorithm])
        assert read.claims == CLAIMS
        assert read.header["typ"] == "JWT"


@pytest.mark.parametrize("algorithm", keys.ALGORITHMS)
def test_we_read_what_we_sign_as_the_type_that_it_is_alone(app: Flask, algorithm: str) -> None:
    token = keys.sign(CLAIMS, algorithm=algorithm, kind="at+jwt")
    for _ in range(2):  # a signature is remembered, and the type asked each time
        assert keys.verified(token, kind="at+jwt") == CLAIMS
        assert keys.verified(token, kind="JWT") is None


@pytest.mark.parametrize("algorithm", keys.ALGORITHMS)
def test_any_changed_character_is_refused(app: Flask, algorithm: str) -> None:
    token = keys.sign({"sub": "x"}, algorithm=algorithm, kind="JWT")
    assert keys.verified(token, kind="JWT") is not None
    for place in {*range(0, len(token), 9), len(token) - 1}:
        other = ALPHABET[(ALPHABET.find(token[place]) + 1) % len(ALPHABET)]
        changed = token[:place] + other + token[place + 1 :]
        assert keys.verified(changed, kind="JWT") is None, place


MISSHAPEN: dict[str, Callable[[str], str]] = {
    "padding": lambda token: f"{token}=",
    "white space": lambda token: f"{token} ",
    "a line in the middle": lambda token: f"{token[:-20]}\n{token[-20:]}",
    "a dot more": lambda token: f"{token}.",
    "a dot within": lambda token: f"{token[:-20]}.{token[-20:]}",
    "no signature": lambda token: token[: token.rindex(".") + 1],
    "two parts": lambda token: token[: token.rindex(".")],
    "one part": lambda token: token.replace(".", ""),
    "other letters": lambda token: f"{token[:-1]}é",
    "too long": lambda token: token + "A" * 20_000,
    "nothing": lambda _token: "",
}


@pytest.mark.parametrize("spoil", MISSHAPEN.values(), ids=MISSHAPEN)
def test_no_other_spelling_of_a_token_is_read(app: Flask, spoil: Callable[[str], str]) -> None:
    """One token is one text: else what is remembered or revoked by it could be said otherwise."""
    token = keys.sign({"sub": "x"}, algorithm="ES256", kind="at+jwt")
    assert keys.verified(spoil(token), kind="at+jwt") is None


HEADERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "alg none": lambda ours: {**ours, "alg": "none"},
    "alg HS256": lambda ours: {**ours, "alg": "HS256"},
    "alg of another key": lambda ours: {**ours, "alg": "EdDSA"},
    "alg missing": lambda ours: {"typ": ours["typ"], "kid": ours["kid"]},
    "alg a list": lambda ours: {**ours, "alg": ["ES256"]},
    "kid missing": lambda ours: {"typ": ours["typ"], "alg": ours["alg"]},
    "kid a path": lambda ours: {**ours, "kid": "../../../dev/null"},
    "kid SQL": lambda ours: {**ours, "kid": "' OR '1'='1"},
    "kid an address": lambda ours: {**ours, "kid": "https://evil.example/key"},
    "kid a list": lambda ours: {**ours, "kid": [ours["kid"]]},
    "kid an object": lambda ours: {**ours, "kid": {"$ne": None}},
    "kid null": lambda ours: {**ours, "kid": None},
    "kid with a zero byte": lambda ours: {**ours, "kid": "\0"},
    "kid beyond text": lambda ours: {**ours, "kid": "\ud800"},
    "jku": lambda ours: {**ours, "jku": "https://evil.example/jwks"},
    "x5u": lambda ours: {**ours, "x5u": "https://evil.example/chain"},
    "x5c": lambda ours: {**ours, "x5c": ["MIIB"]},
    "crit": lambda ours: {**ours, "crit": ["b64"], "b64": False},
    "no type": lambda ours: {"alg": ours["alg"], "kid": ours["kid"]},
    "a list": lambda ours: [ours],
    "a number": lambda _ours: 1,
    "deep": lambda _ours: json.loads("[" * 200 + "]" * 200),
}


@pytest.mark.parametrize("change", HEADERS.values(), ids=HEADERS)
def test_no_header_but_ours_is_believed(
    app: Flask, change: Callable[[dict[str, Any]], Any]
) -> None:
    """Signed by a key of the attacker's own, and with the signature of a good token."""
    token = keys.sign({"sub": "x"}, algorithm="ES256", kind="at+jwt")
    _header, payload, signature = token.split(".")
    header = encoded(change(flow.header_of(token)))
    mine = ECKey.generate_key("P-256")
    own = base64url.encoded(b"\0" * 64)
    assert mine.kid != flow.header_of(token)["kid"]
    for each in (signature, own, ""):
        assert keys.verified(f"{header}.{payload}.{each}", kind="at+jwt") is None


def test_a_key_in_the_header_is_not_even_looked_at(app: Flask) -> None:
    mine = ECKey.generate_key("P-256", auto_kid=True)
    ours = flow.header_of(keys.sign({}, algorithm="ES256", kind="at+jwt"))
    for extra in ({}, {"jwk": mine.as_dict(private=False)}):
        forged = jwt.encode({**ours, **extra}, CLAIMS, mine, ["ES256"])
        assert keys.verified(forged, kind="at+jwt") is None


def test_what_was_verified_once_counts_no_longer_than_its_key(app: Flask) -> None:
    token = keys.sign(CLAIMS, algorithm="ES256", kind="at+jwt")
    assert keys.verified(token, kind="at+jwt") == CLAIMS
    keys.rotate("ES256", by=SYSTEM, at=clock.now(), immediately=True)
    db.session.execute(
        db.text(
            "UPDATE signing_keys SET retired_at = now() - interval '1 s' "
            "WHERE retired_at IS NOT NULL"
        )
    )
    db.session.commit()
    assert keys.verified(token, kind="at+jwt") is None


def test_what_is_remembered_is_bounded_and_gives_nothing_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jws, "MAXIMUM_KNOWN", 3)
    tokens = [keys.sign({"n": n}, algorithm="EdDSA", kind="JWT") for n in range(8)]
    for token in tokens:
        assert keys.verified(token, kind="JWT")
        assert len(jws._known) <= 3
    assert all(len(digest) == 32 for digest in jws._known)


def test_a_caller_may_change_the_claims_that_it_reads(app: Flask) -> None:
    token = keys.sign(CLAIMS, algorithm="ES256", kind="JWT")
    read = keys.verified(token, kind="JWT")
    assert read is not None
    read["sub"] = "somebody else"
    assert keys.verified(token, kind="JWT") == CLAIMS
