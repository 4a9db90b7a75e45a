import base64
import json
import threading
from datetime import timedelta

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet

from idp import clock, sealing
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import keys
from idp.oauth.keys.rings import EXTENSION, new_key
from idp.oauth.keys.rotation import PUBLISHED_BEFORE
from idp.oauth.models import SigningKey


def published() -> dict[str, str]:
    """kid → algorithm of the JWKS."""
    return {key["kid"]: key["alg"] for key in json.loads(keys.ring().jwks)["keys"]}


def kid_of(token: str) -> str:
    header = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=="))["kid"])


def test_the_first_need_makes_one_key_of_each_algorithm(app: Flask) -> None:
    assert sorted(published().values()) == sorted(keys.ALGORITHMS)


def test_the_jwks_holds_no_private_member(app: Flask) -> None:
    members = {name for key in json.loads(keys.ring().jwks)["keys"] for name in key}
    assert members.isdisjoint({"d", "p", "q", "dp", "dq", "qi", "k"})


def test_a_private_key_is_sealed_in_the_database(app: Flask) -> None:
    keys.ring()
    for row in db.session.scalars(db.select(SigningKey)):
        assert json.loads(sealing.unseal(row.sealed_private_jwk))["d"] not in row.sealed_private_jwk
        with pytest.raises(ValueError, match="Expecting value"):
            json.loads(row.sealed_private_jwk)
        assert "d" not in row.public_jwk


def test_a_token_names_its_key_and_verifies_with_the_published_one(app: Flask) -> None:
    token = keys.sign({"sub": "x"}, algorithm="ES256", kind="at+jwt")
    public = KeySet.import_key_set(json.loads(keys.ring().jwks))
    assert jwt.decode(token, public, ["ES256"]).claims == {"sub": "x"}
    assert published()[kid_of(token)] == "ES256"


def test_a_rotated_key_is_published_before_it_signs(app: Flask) -> None:
    old = kid_of(keys.sign({}, algorithm="ES256", kind="at+jwt"))
    new = keys.rotate("ES256", by=SYSTEM, at=clock.now())
    db.session.commit()
    assert new.kid in published()
    assert kid_of(keys.sign({}, algorithm="ES256", kind="at+jwt")) == old


def test_rotating_now_signs_with_the_new_key_and_still_publishes_the_old(app: Flask) -> None:
    old = kid_of(keys.sign({}, algorithm="RS256", kind="JWT"))
    new = keys.rotate("RS256", by=SYSTEM, at=clock.now(), immediately=True)
    db.session.commit()
    assert kid_of(keys.sign({}, algorithm="RS256", kind="JWT")) == new.kid
    assert old in published()


def test_an_old_key_goes_once_its_last_token_has_expired(app: Flask) -> None:
    old = kid_of(keys.sign({}, algorithm="ES256", kind="at+jwt"))
    at = clock.now()
    keys.rotate("ES256", by=SYSTEM, at=at, immediately=True)
    life = timedelta(seconds=app.config["ACCESS_TOKEN_SECONDS"])
    assert keys.purge(at + life) == 0
    assert keys.purge(at + life + timedelta(minutes=2)) >= 1
    db.session.commit()
    assert old not in set(db.session.scalars(db.select(SigningKey.kid)))


def test_a_key_that_never_signed_is_replaced_by_the_next_rotation(app: Flask) -> None:
    at = clock.now()
    first = keys.rotate("ES256", by=SYSTEM, at=at).kid
    second = keys.rotate("ES256", by=SYSTEM, at=at).kid
    db.session.commit()
    assert first not in published()
    assert second in published()


def test_processes_that_start_together_make_one_key_each_algorithm(committed_app: Flask) -> None:
    def need() -> None:
        with committed_app.app_context():
            keys.ring()

    threads = [threading.Thread(target=need) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed_app.app_context():
        assert sorted(db.session.scalars(db.select(SigningKey.algorithm))) == sorted(
            keys.ALGORITHMS
        )


def test_a_rotation_that_replaces_a_pending_one_keeps_the_old_key_until_the_new_one_signs(
    app: Flask,
) -> None:
    at = clock.now()
    old = kid_of(keys.sign({}, algorithm="ES256", kind="at+jwt"))
    keys.rotate("ES256", by=SYSTEM, at=at)
    later = at + PUBLISHED_BEFORE - timedelta(seconds=1)
    new = keys.rotate("ES256", by=SYSTEM, at=later)
    row = db.session.get_one(SigningKey, old, populate_existing=True)
    assert row.retired_at is not None
    assert row.retired_at > new.active_at


def test_a_key_that_stopped_signing_is_not_kept_longer_by_later_rotations(app: Flask) -> None:
    at = clock.now()
    old = kid_of(keys.sign({}, algorithm="ES256", kind="at+jwt"))
    keys.rotate("ES256", by=SYSTEM, at=at, immediately=True)
    ends = db.session.get_one(SigningKey, old).retired_at
    keys.rotate("ES256", by=SYSTEM, at=at + timedelta(minutes=1), immediately=True)
    assert db.session.get_one(SigningKey, old, populate_existing=True).retired_at == ends


def test_keys_are_rotated_when_their_time_has_come_and_only_once(app: Flask) -> None:
    keys.ring()
    at = clock.now()
    life = timedelta(days=app.config["SIGNING_KEY_LIFE_DAYS"])
    assert keys.rotate_due(at + life - timedelta(hours=1)) == 0
    assert keys.rotate_due(at + life + timedelta(hours=1)) == len(keys.ALGORITHMS)
    assert keys.rotate_due(at + life + timedelta(hours=1)) == 0


def test_a_key_that_another_process_has_just_published_is_looked_up_once(app: Flask) -> None:
    """NOTIFY may come a moment later than the first token that the new key signed."""
    rings = app.extensions[EXTENSION]
    keys.ring()
    new = new_key("ES256", at=clock.now(), active_at=clock.now())
    db.session.execute(db.insert(SigningKey).values(**new))
    rings._reloaded_at = float("-inf")
    assert rings.find(new["kid"]) is not None
    before = keys.ring()
    assert all(rings.find(f"unknown {number}") is None for number in range(10))
    assert keys.ring() is before, "a stranger must not make us ask the database each time"
    db.session.rollback()
    app.extensions["oauth_caches"].clear()
