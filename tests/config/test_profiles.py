"""Market profiles are defaults of settings, checked like them and named when they are wrong."""

from dataclasses import fields
from pathlib import Path

import pytest

from config import InvalidSettings, Settings, profiles
from tests.config.test_settings import PRODUCTION

NAMES = ("br-grants", "br-portal", "default", "es-managers", "lt-business")


def read(profile: str, **changes: str) -> Settings:
    return Settings.from_environment({**PRODUCTION, "IDP_PROFILE": profile, **changes})


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's own profiles are read from."""
    monkeypatch.setattr(profiles, "DIRECTORY", tmp_path)
    return tmp_path


def problems(directory: Path, text: str | bytes, **changes: str) -> list[str]:
    content = text if isinstance(text, bytes) else text.encode()
    (directory / "market.toml").write_bytes(content)
    with pytest.raises(InvalidSettings) as caught:
        read("market", **changes)
    return caught.value.problems


def test_these_markets_are_known() -> None:
    assert tuple(profiles.names()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_can_be_served(name: str) -> None:
    assert read(name).idp_profile == name


def test_the_default_profile_changes_nothing() -> None:
    assert read("default") == read("  ") == Settings.from_environment(PRODUCTION)
    assert profiles.read("default", {}) == {}


def test_spanish_managers_authorise_one_level_of_collaborators() -> None:
    settings = read("es-managers")
    assert settings.delegation_depth == 2
    assert settings.tax_id_schemes == ("es:nif", "es:nie", "passport")
    assert (settings.locales, settings.time_zone) == (("es", "ca", "en"), "Europe/Madrid")


def test_the_environment_wins_over_the_profile() -> None:
    assert read("es-managers", DELEGATION_DEPTH="5").delegation_depth == 5


def test_the_profile_wins_over_the_default() -> None:
    assert read("lt-business").tax_id_schemes == ("lt:code",) != Settings().tax_id_schemes


@pytest.mark.parametrize(
    "name", ["none", "../settings", "es-managers.toml", "/etc/passwd", "ES-MANAGERS", "x" * 5000]
)
def test_a_profile_that_is_none_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        read(name)
    assert caught.value.problems == [f"IDP_PROFILE: one of {', '.join(NAMES)}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("delegation_depth = true", "delegation_depth: must be a whole number"),
        ('delegation_depth = "2"', "delegation_depth: must be a whole number"),
        ("delegation_depth = 2.0", "delegation_depth: must be a whole number"),
        ("brand_name = 7", "brand_name: must be a text"),
        ('locales = "en"', "locales: must be a list of texts"),
        ("locales = [1]", "locales: must be a list of texts"),
        ("locales = 1979-05-27", "locales: must be a list of texts"),
    ],
)
def test_a_value_of_another_type_is_named_with_its_file(
    directory: Path, text: str, problem: str
) -> None:
    assert problems(directory, text) == [f"market.toml: {problem}"]


@pytest.mark.parametrize("key", ["secret_key", "database_url", "mode", "idp_profile", "colour"])
def test_what_belongs_to_a_deployment_is_no_key_of_a_profile(directory: Path, key: str) -> None:
    (problem,) = problems(directory, f'{key} = "x"')
    assert problem.startswith(f"market.toml: {key}: no key of a profile; these are: brand_name, ")


def test_a_table_is_no_key_either(directory: Path) -> None:
    (problem,) = problems(directory, "[locales]\nen = true")
    assert problem == "market.toml: locales: must be a list of texts"


@pytest.mark.parametrize("text", ["delegation_depth =", "a = 1\na = 2", b"brand_name = '\xff'"])
def test_a_file_that_is_no_toml_is_named(directory: Path, text: str | bytes) -> None:
    (problem,) = problems(directory, text)
    assert problem.startswith("market.toml: ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("delegation_depth = 6", "DELEGATION_DEPTH: a whole number from 1 to 5"),
        ("delegation_depth = 0", "DELEGATION_DEPTH: a whole number from 1 to 5"),
        ("delegation_depth = -1", "DELEGATION_DEPTH: a whole number from 1 to 5"),
        ('brand_name = "two\\nlines"', "BRAND_NAME: one line of text"),
    ],
)
def test_a_value_out_of_bounds_is_named_with_its_file(
    directory: Path, text: str, problem: str
) -> None:
    assert problems(directory, text) == [f"{problem} (in market.toml)"]


def test_a_bad_value_of_the_environment_is_not_blamed_on_the_file(directory: Path) -> None:
    for bad in ("6", "many"):
        (problem,) = problems(directory, "delegation_depth = 2", DELEGATION_DEPTH=bad)
        assert problem.startswith("DELEGATION_DEPTH: ")
        assert "market.toml" not in problem


def test_every_problem_of_file_and_environment_is_named_at_once(directory: Path) -> None:
    found = problems(directory, "colour = 1\nlocales = 1", LOG_LEVEL="LOUD")
    assert [problem.rpartition(":")[0].partition(": no key")[0] for problem in found] == [
        "market.toml: colour",
        "market.toml: locales",
        "LOG_LEVEL",
    ]


def test_every_key_is_a_setting() -> None:
    assert {field.name for field in fields(Settings)} >= profiles.KEYS


def test_every_key_and_every_profile_is_told_to_operators() -> None:
    page = Path("docs/operations.md").read_text()
    assert [key for key in sorted(profiles.KEYS) if f"`{key}`" not in page] == []
    assert [name for name in NAMES if f"| `{name}` |" not in page] == []
