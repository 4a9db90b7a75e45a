"""DATA_ENCRYPTION_KEY can be changed, and nothing that it sealed is lost."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask

from idp import sealing
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import keys
from idp.oauth.models import SigningKey
from idp.resealing import PLACES, command, reseal
from tests.factories.accounts import an_account
from tests.factories.evidence import a_document
from tests.factories.factors import an_app

OLD = "another secret that only the tests know, long enough"
NEW = "the secret that takes over, long enough as well"


@pytest.fixture
def change_key(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def change(key: str, previous: str = "") -> None:
        monkeypatch.setitem(app.config, "DATA_ENCRYPTION_KEY", key)
        monkeypatch.setitem(app.config, "DATA_ENCRYPTION_KEY_PREVIOUS", previous)

    return change


def test_the_previous_key_still_opens_and_never_seals(
    change_key: Callable[..., None],
) -> None:
    text, content = sealing.seal("Olá"), sealing.seal_content(b"pdf", owner="e_1")
    change_key(NEW, OLD)
    assert sealing.unseal(text) == "Olá"
    assert sealing.unseal_content(content, owner="e_1") == b"pdf"
    fresh = sealing.seal("Olá")
    change_key(NEW)
    assert sealing.unseal(fresh) == "Olá"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(text)
    with pytest.raises(sealing.Unreadable):
        sealing.unseal_content(content, owner="e_1")


def test_everything_that_is_sealed_is_sealed_anew(
    app: Flask, change_key: Callable[..., None]
) -> None:
    keys.ring()
    document = a_document(SYSTEM)
    an_app(an_account())
    change_key(NEW, OLD)
    done = {place.name: reseal(place) for place in PLACES}
    assert done["signing keys"] == len(keys.ALGORITHMS)
    assert done["second factors"] == done["documents"] == 1
    assert not any(reseal(place) for place in PLACES), "a second run has nothing to do"
    change_key(NEW)
    db.session.expire_all()
    assert document.sealed is not None
    assert sealing.unseal_content(document.sealed, owner=document.public_id)
    assert all(
        sealing.unseal(row) for row in db.session.scalars(db.select(SigningKey.sealed_private_jwk))
    )


def test_every_sealed_column_is_known_to_the_command() -> None:
    """Drafts of registrations alone are left: they live less than a day."""
    sealed = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed")
    }
    known = {f"{place.sealed.class_.__tablename__}.{place.sealed.key}" for place in PLACES}
    assert sealed - known == {"registration_drafts.sealed"}


def test_a_key_that_is_lost_ends_the_command_with_a_sentence(
    app: Flask, change_key: Callable[..., None]
) -> None:
    keys.ring()
    change_key(NEW, "neither this one nor that one, of 32 letters")
    ended = CliRunner().invoke(command, obj=None)
    assert ended.exit_code == 1
    assert "signing keys: sealed with neither" in ended.output
