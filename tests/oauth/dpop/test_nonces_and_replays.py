"""Nonces without memory, and proofs that are remembered (RFC 9449 sections 8, 9 and 11.1)."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from idp import clock
from idp.extensions import db
from idp.oauth.dpop import nonces, proofs, replays
from idp.oauth.dpop.errors import InvalidProof
from tests.oauth.proving import a_key, proof
from tests.together import at_once

AT = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def test_a_nonce_is_good_for_a_minute_and_at_most_two(app: Flask) -> None:
    nonce = nonces.current(AT)
    assert all(nonces.is_fresh(nonce, at=later(seconds)) for seconds in (0, 29, 60, 89))
    assert not any(nonces.is_fresh(nonce, at=later(seconds)) for seconds in (-31, 90, 3600))
    assert nonces.current(later(30)) != nonce == nonces.current(later(29))


@pytest.mark.parametrize("nonce", ["", "x", "é", "29630640", "A" * 43])
def test_a_nonce_that_is_not_ours_is_never_fresh(app: Flask, nonce: str) -> None:
    assert not nonces.is_fresh(nonce, at=AT)


def test_a_nonce_cannot_be_worked_out_without_our_secret(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    guessed = nonces.current(AT)
    monkeypatch.setitem(app.config, "DATA_ENCRYPTION_KEY", "another one, of thirty-two or more")
    assert not nonces.is_fresh(guessed, at=AT)


def test_a_proof_works_once_and_one_jti_may_be_used_by_two_keys(app: Flask) -> None:
    first, second = (proofs.read(proof(a_key(), jti="the same")) for _ in range(2))
    replays.use(first)
    replays.use(second)
    with pytest.raises(InvalidProof):
        replays.use(first)


def test_of_many_at_once_one_may_use_a_proof(committed_app: Flask) -> None:
    shown = proofs.read(proof(a_key()))

    def show() -> str:
        try:
            replays.use(shown)
        except InvalidProof:
            return "refused"
        return "used"

    done = at_once(*[show] * 6, within=committed_app.app_context)
    assert sorted(done) == ["refused"] * 5 + ["used"]


def test_a_proof_is_forgotten_once_it_is_too_old_to_be_shown(app: Flask) -> None:
    at = clock.now()
    replays.use(proofs.read(proof(a_key(), iat=int(at.timestamp()))))
    count = text("SELECT count(*) FROM used_dpop_proofs WHERE expires_at > :at")
    values = {"at": at}
    replays.purge(at + timedelta(seconds=59))
    assert db.session.scalar(count, values)
    replays.purge(at + timedelta(seconds=62))
    assert not db.session.scalar(count, values)
