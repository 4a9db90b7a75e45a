"""Every message is translated into every language, and says the same things."""

from collections import defaultdict

import pytest
from babel.messages.catalog import Message

from config import Settings
from tests import messages

CATALOGUES = [
    (feature, locale)
    for feature in (*messages.FEATURES, messages.SHARED)
    for locale in messages.LOCALES
]


@pytest.mark.parametrize(("feature", "locale"), CATALOGUES)
def test_a_catalogue_is_complete(feature: str, locale: str) -> None:
    """Nothing missing, unused, fuzzy or with other placeholders."""
    assert messages.problems(feature, locale) == []


@pytest.mark.parametrize(("feature", "locale"), CATALOGUES)
def test_a_catalogue_is_as_the_tool_writes_it(feature: str, locale: str) -> None:
    """Sorted, without line numbers and dates: a diff shows words alone."""
    path = messages.path_of(feature, locale)
    if not path.exists() and not messages.extracted(feature):
        return
    written = path.read_bytes()
    assert b"POT-Creation-Date" not in written
    assert b"\n#:" not in written
    assert written == messages.written(messages.read(feature, locale))


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_one_sentence_has_one_translation(locale: str) -> None:
    """Whatever feature says it."""
    said = defaultdict(set)
    for feature in (*messages.FEATURES, messages.SHARED):
        for message in messages.messages(messages.read(feature, locale)):
            said[message.id].add(message.string)
    assert {msgid: texts for msgid, texts in said.items() if len(texts) > 1} == {}


def test_every_language_offered_has_catalogues() -> None:
    """English needs none."""
    offered = {tag.replace("-", "_") for tag in Settings().locales}
    assert offered == {*messages.LOCALES, "en"}


def test_the_check_tells_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.main(["guess"]) == 2
    assert messages.main(["check", "nonsense"]) == 2
    assert "Features: accounts" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("msgid", "string", "fault"),
    [
        ("Hello %(name)s", "Olá", "other placeholders"),
        ("Hello", "Olá %(name)s", "other placeholders"),
        ("Hello", "", "untranslated"),
        (("%(num)s bill", "%(num)s bills"), ("%(num)s conta", ""), "untranslated"),
        (("One of %(all)s", "%(num)s of %(all)s"), ("Uma de %(x)s", "%(num)s de %(all)s"),
         "unknown placeholders"),
    ],
)  # fmt: skip
def test_a_faulty_translation_is_found(
    msgid: messages.Msgid, string: str | tuple[str, ...], fault: str
) -> None:
    assert fault in list(messages.faults(Message(msgid, string)))
