"""argon2id: what is verified, what is upgraded, and how much runs at once."""

import threading
import time

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from idp.accounts import passwords
from idp.accounts.passwords import Hashing
from idp.extensions import db
from tests.browsing import post
from tests.factories.accounts import PASSWORD, an_account


def test_a_password_is_verified_against_its_own_hash_only(app: Flask) -> None:
    known = passwords.hash_password(PASSWORD)
    assert known.startswith("$argon2id$")
    assert passwords.verify(known, PASSWORD)
    assert not passwords.verify(known, PASSWORD + " ")
    assert not passwords.verify(None, PASSWORD)
    assert not passwords.verify("", PASSWORD)
    assert not passwords.verify("not a hash", PASSWORD)


def test_two_hashes_of_one_password_differ(app: Flask) -> None:
    assert passwords.hash_password(PASSWORD) != passwords.hash_password(PASSWORD)


def test_the_way_a_keyboard_composes_a_letter_does_not_matter(app: Flask) -> None:
    assert passwords.verify(passwords.hash_password("a\u00e7\u00e3o"), "ac\u0327a\u0303o")


def test_characters_that_only_look_alike_stay_different(app: Flask) -> None:
    assert not passwords.verify(passwords.hash_password("\uff41bc"), "abc")


def test_256_characters_are_taken_and_one_more_never_matches(app: Flask) -> None:
    longest = "\U0001f40e" * passwords.MAXIMUM_LENGTH
    known = passwords.hash_password(longest)
    assert passwords.verify(known, longest)
    assert not passwords.verify(known, longest + "x")
    with pytest.raises(ValueError, match="length"):
        passwords.hash_password(longest + "x")


def test_a_hash_of_other_parameters_is_replaced_on_sign_in(app: Flask, client: FlaskClient) -> None:
    weak = PasswordHasher(memory_cost=16, time_cost=1, parallelism=1).hash(PASSWORD)
    account = an_account(password_hash=weak)
    data = {"identifier": "52998224725", "password": PASSWORD}
    assert post(client, "/login", {**data, "password": "wrong"}).status_code == 422
    db.session.refresh(account)
    assert account.password_hash == weak
    assert post(client, "/login", data).status_code == 303
    db.session.refresh(account)
    assert account.password_hash != weak
    assert not passwords.needs_rehash(account.password_hash)
    assert passwords.verify(account.password_hash, PASSWORD)


class Slow:
    """A hasher that notes how many use it at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self.most = 0

    def verify(self, _known: str, _typed: str) -> bool:
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)
        time.sleep(0.02)
        with self._lock:
            self._running -= 1
        return True


def test_no_more_run_at_once_than_the_setting_allows(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing: Hashing = app.extensions["passwords"]
    slow = Slow()
    bounded = Hashing(slow, threading.BoundedSemaphore(2), hashing.of_nobody)  # type: ignore[arg-type]
    monkeypatch.setitem(app.extensions, "passwords", bounded)

    def verify() -> None:
        with app.app_context():
            passwords.verify("hash", PASSWORD)

    threads = [threading.Thread(target=verify) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slow.most == 2


def test_the_bound_is_the_setting(app: Flask) -> None:
    hashing: Hashing = app.extensions["passwords"]
    taken = [hashing.turns.acquire(blocking=False) for _n in range(3)]
    for _each in filter(None, taken):
        hashing.turns.release()
    assert taken == [True, False, False]
    assert app.config["ARGON2_CONCURRENCY"] == 1
