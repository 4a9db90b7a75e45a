"""Market profiles: TOML files in `profiles/` whose values are defaults of settings.

The environment wins over the profile, and the profile over the default in `config.settings`.
A profile holds what is particular to a market; what is particular to a deployment (addresses,
secrets, limits) stays in the environment.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).with_name("profiles")
DEFAULT = "default"
KEYS = frozenset(
    {
        "tax_id_schemes",
        "locales",
        "time_zone",
        "brand_name",
        "support_contact",
        "invitation_life_seconds",
        "password_minimum_length",
        "delegation_depth",
        "evidence_retention_days",
    }
)


class InvalidProfile(Exception):
    """A profile can't be used: `problems` has a line for each reason, with the file's name."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def names() -> list[str]:
    """The profiles that there are, in the order of the alphabet."""
    return sorted(path.stem for path in DIRECTORY.glob("*.toml"))


def file_name(profile: str) -> str:
    """How the file of `profile` is called where a problem is told."""
    return f"{profile}.toml"


def read(profile: str, types: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `profile` by the name of the setting; `types` says what each setting holds.

    Raises InvalidProfile: no such profile, not TOML, a key that is none, a value of another type.
    """
    if profile not in names():
        raise InvalidProfile([f"IDP_PROFILE: one of {', '.join(names())}"])
    file = file_name(profile)
    try:
        table = tomllib.loads((DIRECTORY / file).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidProfile([f"{file}: {error}"]) from error
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in table.items():
        try:
            values[key] = _value(key, value, types)
        except ValueError as error:
            problems.append(f"{file}: {key}: {error}")
    if problems:
        raise InvalidProfile(problems)
    return values


def _value(key: str, value: object, types: Mapping[str, Any]) -> object:
    """`value` as the setting holds it; raises ValueError."""
    if key not in KEYS:
        raise ValueError(f"no key of a profile; these are: {', '.join(sorted(KEYS))}")
    kind = types[key]
    if kind is int and type(value) is not int:  # bool is an int to isinstance
        raise ValueError("must be a whole number")
    if kind is str and not isinstance(value, str):
        raise ValueError("must be a text")
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError("must be a list of texts")
        return tuple(value)
    return value
