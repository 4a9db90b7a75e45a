"""Signed links, sealed secrets, random names."""

import pytest
from flask import Flask

from idp import identifiers, sealing, signing


def test_a_signed_reference_is_read_back(app: Flask) -> None:
    assert signing.unsign("activation", signing.sign("activation", "r_1")) == "r_1"


def test_a_token_is_the_same_each_time_so_it_need_not_be_stored(app: Flask) -> None:
    assert signing.sign("activation", "r_1") == signing.sign("activation", "r_1")


def test_a_token_is_good_for_its_purpose_only(app: Flask) -> None:
    assert signing.unsign("reset", signing.sign("activation", "r_1")) is None


def test_a_token_of_another_deployment_is_not_ours(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = signing.sign("activation", "r_1")
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret of another deployment")
    assert signing.unsign("activation", token) is None


@pytest.mark.parametrize("reference", ["r_1", "", "ã" * 50, "\x00", "a.b.c", "x" * 10_000])
def test_any_text_can_be_signed_and_travels_in_an_address(app: Flask, reference: str) -> None:
    token = signing.sign("p", reference)
    assert signing.unsign("p", token) == reference
    assert all(each.isalnum() or each in "._-" for each in token)


def test_no_changed_token_is_accepted(app: Flask) -> None:
    token = signing.sign("activation", "r_1")
    for position in range(len(token)):
        other = "A" if token[position] != "A" else "B"
        changed = token[:position] + other + token[position + 1 :]
        # The last character of base64 has bits that mean nothing: the same token, written anew.
        assert signing.unsign("activation", changed) in (None, "r_1")
        if position < token.index("."):
            assert signing.unsign("activation", changed) is None


@pytest.mark.parametrize("token", ["", ".", "a.b", "\x00", "ã.ã", "x" * 100_000, ".eJw.x", "W10.x"])
def test_nonsense_is_no_token(app: Flask, token: str) -> None:
    assert signing.unsign("activation", token) is None


def test_a_sealed_secret_is_read_back_and_never_looks_the_same(app: Flask) -> None:
    plain = "Ola, quem fala?"  # a space and a comma are in no base64
    first, second = sealing.seal(plain), sealing.seal(plain)
    assert sealing.unseal(first) == sealing.unseal(second) == plain
    assert first != second
    assert plain not in first


def test_a_changed_secret_or_another_key_is_unreadable(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = sealing.seal("secret")
    another = "B" if sealed[20] == "A" else "A"
    for text in ("", "x", sealed[:-8], sealed[:20] + another + sealed[21:]):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(text)
    monkeypatch.setitem(app.config, "DATA_ENCRYPTION_KEY", "another key, also long enough")
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed)


def test_names_and_secrets_never_repeat() -> None:
    assert len({identifiers.public_id("g") for _ in range(1000)}) == 1000
    assert identifiers.public_id("g").startswith("g_")
    assert len(identifiers.secret_token()) == 43
    assert len(identifiers.digest("x")) == 32
