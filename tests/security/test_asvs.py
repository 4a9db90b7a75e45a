"""The table of OWASP ASVS 5.0 in docs/security.md: complete, and its tests exist."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from config.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text("utf-8")

LEVEL_1 = {
    *("6.1.1", "6.2.1", "6.2.2", "6.2.3", "6.2.4", "6.2.5", "6.2.6", "6.2.7", "6.2.8"),
    *("6.3.1", "6.3.2", "6.4.1", "6.4.2"),
    *("7.2.1", "7.2.2", "7.2.3", "7.2.4", "7.4.1", "7.4.2"),
}
LEVEL_2 = {
    *("6.1.2", "6.1.3", "6.2.9", "6.2.10", "6.2.11", "6.2.12", "6.3.3", "6.3.4"),
    *("6.4.3", "6.4.4", "6.5.1", "6.5.2", "6.5.3", "6.5.4", "6.5.5"),
    *("6.6.1", "6.6.2", "6.6.3", "6.8.1", "6.8.2", "6.8.3", "6.8.4"),
    *("7.1.1", "7.1.2", "7.1.3", "7.3.1", "7.3.2", "7.4.3", "7.4.4", "7.4.5"),
    *("7.5.1", "7.5.2", "7.6.1", "7.6.2"),
}
ANSWER = re.compile(r"\*\*(Met|In part|Not met|Not applicable)\.\*\* (?P<why>.+)")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
# How the documents say what a setting's default is.
TOLD = {
    "SESSION_IDLE_SECONDS": "30 min",
    "SESSION_LIFE_SECONDS": "12 h",
    "REAUTHENTICATION_SECONDS": "10 min",
    "ACCESS_TOKEN_SECONDS": "300 s",
    "ID_TOKEN_SECONDS": "300 s",
    "REFRESH_TOKEN_IDLE_SECONDS": "14 days",
    "REFRESH_TOKEN_LIFE_SECONDS": "90 days",
    "ACTIVATION_LIFE_SECONDS": "24 h",
    "SIGN_IN_ATTEMPTS_PER_IDENTIFIER": "10, 30 s",
    "SIGN_IN_ATTEMPTS_FROM_ANYWHERE": "50, 30 s",
    "SIGN_IN_ATTEMPTS_PER_ADDRESS": "100, 1 s",
    "FACTOR_ATTEMPTS_PER_IDENTIFIER": "10, 5 min",
    "MAILS_PER_ADDRESS": "5, 5 min",
    "FORMS_PER_ADDRESS": "30, 20 s",
}
UNITS = {"s": 1, "min": 60, "h": 3600, "days": 86400}


@dataclass(frozen=True)
class Row:
    """A requirement and our answer."""

    number: str
    level: str
    asks: str
    answer: str
    shown_by: str


def rows() -> list[Row]:
    section = DOCUMENT.partition("\n## OWASP ASVS 5.0\n")[2].partition("\n## ")[0]
    cells = [re.split(r" ?\| ?", line)[1:-1] for line in section.splitlines() if line[:1] == "|"]
    return [Row(*each) for each in cells if each[0][:1].isdigit()]


@lru_cache
def names_in(path: str) -> set[str]:
    """The tests of a file, read and not run."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_requirement_of_levels_one_and_two_is_answered_once() -> None:
    answered = sorted((each.number, each.level) for each in rows())
    asked = [(each, "1") for each in LEVEL_1] + [(each, "2") for each in LEVEL_2]
    assert answered == sorted(asked)


def test_every_test_that_is_named_exists() -> None:
    for row in rows():
        for path, name in TEST.findall(row.shown_by):
            assert (ROOT / path).is_file(), (row.number, path)
            assert name in names_in(path), (row.number, path, name)


def test_every_answer_says_how_or_why() -> None:
    for row in rows():
        found = ANSWER.fullmatch(row.answer)
        assert found is not None, row.number
        assert row.asks, row.number
        for unfinished in ("to do", "todo", "tbd", "fixme"):
            assert not re.search(rf"\b{unfinished}\b", row.answer.casefold()), row.number


def test_nothing_is_said_to_be_met_without_a_test() -> None:
    for row in rows():
        if row.answer.startswith(("**Met", "**In part")):
            assert TEST.search(row.shown_by), row.number
        rest = TEST.sub("", row.shown_by).replace("<br>", "").strip()
        assert rest in ("", "–"), (row.number, rest)


def test_the_documents_that_are_asked_for_exist() -> None:
    for heading in (
        "## Ways in",
        "### How guessing is slowed down",
        "### Words that make no password",
        "### Why second factors are offered and not forced",
        "## Sessions",
    ):
        assert DOCUMENT.count(f"\n{heading}\n") == 1, heading
    sessions = DOCUMENT.partition("\n## Sessions\n")[2].partition("\n## ")[0]
    for part in ("**At the same time**", "**With applications**", "SP 800-63B"):
        assert part in sessions


def test_every_link_inside_the_document_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", DOCUMENT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each).casefold().replace(" ", "-") for each in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT)) <= anchors


def test_the_documents_tell_the_defaults_of_the_settings() -> None:
    defaults = Settings()
    for name, told in TOLD.items():
        lines = [each for each in DOCUMENT.splitlines() if f"`{name}`" in each]
        paragraph = " ".join(DOCUMENT.split())
        before = paragraph[max(0, paragraph.index(f"`{name}`") - 90) :][:200]
        assert any(told in line for line in lines) or told in before, name
        number, _, unit = told.partition(" ")
        value = getattr(defaults, name.lower())
        assert value == (int(told.partition(",")[0]) if "," in told else int(number) * UNITS[unit])
