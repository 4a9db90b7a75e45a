"""Settings as the environment has them: text, or the name of a file that holds it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

MAXIMUM_DIGITS = 12
# What may stand in a file of its own, as container platforms hand out secrets: `SECRET_KEY_FILE`
# names the file that holds `SECRET_KEY`.
FROM_FILES = (
    "database_url",
    "smtp_url",
    "secret_key",
    "data_encryption_key",
    "data_encryption_key_previous",
    "metrics_token",
)


def read(
    environ: Mapping[str, str], types: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What the environment sets, and what is wrong with what can't be read, by variable."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, kind in types.items():
        try:
            text = _text(environ, name)
            values |= {name: _parse(text, kind)} if text else {}
        except ValueError as error:
            problems[name.upper()] = str(error)
    return values, problems


def _text(environ: Mapping[str, str], name: str) -> str:
    """The variable's, or that of the file that its sibling names."""
    variable = name.upper()
    text = environ.get(variable, "").strip()
    file = environ.get(f"{variable}_FILE", "").strip() if name in FROM_FILES else ""
    if not file:
        return text
    if text:
        raise ValueError(f"set it or {variable}_FILE, not both")
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise ValueError(f"the file that {variable}_FILE names can't be read") from error
    if not text:
        raise ValueError(f"the file that {variable}_FILE names is empty")
    return text


def _parse(text: str, kind: Any) -> Any:
    if kind is int:
        if not (text.isascii() and text.isdigit() and len(text) < MAXIMUM_DIGITS):
            raise ValueError("must be a whole number")
        return int(text)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if text not in [*kind]:
            raise ValueError(f"one of {', '.join(kind)}")
        return kind(text)
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text
