"""Market profiles: TOML files in `profiles/`, of two parts.

Single values (`KEYS`) are defaults of settings: the environment wins over the profile, and the
profile over the default in `config.settings`. Tables (`market.tables()`) say what no variable
could, such as the fields of a form; what a profile leaves out is as in `default.toml`. A profile
holds what is particular to a market; what is particular to a deployment (addresses, secrets,
limits) stays in the environment.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from config import market
from config.market_schema import ProfileSchema, flattened

DIRECTORY = Path(__file__).with_name("profiles")
DEFAULT = "default"
BASE = DIRECTORY / f"{DEFAULT}.toml"  # what every other profile begins with
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
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in _parsed(profile).items():
        if key in market.tables():
            continue
        try:
            values[key] = _value(key, value, types)
        except ValueError as error:
            problems.append(f"{file_name(profile)}: {key}: {error}")
    if problems:
        raise InvalidProfile(problems)
    return values


def load(profile: str) -> market.Profile:
    """The tables of `profile`; raises InvalidProfile."""
    return _load(DIRECTORY, profile)


@lru_cache
def _load(_directory: Path, profile: str) -> market.Profile:
    tables = {**tomllib.loads(BASE.read_text("utf-8")), **_parsed(profile)}
    known = {key: value for key, value in tables.items() if key in market.tables()}
    try:
        found: market.Profile = ProfileSchema().load(known)
    except ValidationError as error:
        problems = flattened(error.messages)
        raise InvalidProfile([f"{file_name(profile)}: {line}" for line in problems]) from error
    return found


def _parsed(profile: str) -> dict[str, Any]:
    if profile not in names():
        raise InvalidProfile([f"IDP_PROFILE: one of {', '.join(names())}"])
    try:
        return tomllib.loads((DIRECTORY / file_name(profile)).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidProfile([f"{file_name(profile)}: {error}"]) from error


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
