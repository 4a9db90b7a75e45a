"""docs/operations.md says what is true."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from config.checks import REQUIRED_IN_PRODUCTION
from idp.registry.rows import COLUMNS, OPTIONAL_COLUMNS

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "operations.md").read_text()


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_each_setting_stands_there_with_its_default(field: object) -> None:
    name = field.name  # type: ignore[attr-defined]
    default = field.default  # type: ignore[attr-defined]
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name.upper()}` |")]
    shown = row.split(" | ")[1]
    text = ",".join(default) if isinstance(default, tuple) else str(default)
    if name in REQUIRED_IN_PRODUCTION:
        assert shown == "**required**"
    else:
        assert shown == (f"`{text}`" if text else "empty")


def test_no_setting_is_told_that_does_not_exist() -> None:
    named = set(re.findall(r"^\| `([A-Z_0-9]+)` \|", PAGE, re.MULTILINE))
    assert named == {field.name.upper() for field in fields(Settings)}


def test_each_metric_of_ours_is_told(app: Flask, client: FlaskClient) -> None:
    named = re.findall(r"^# TYPE (\S+) ", client.get("/metrics").text, re.MULTILINE)
    ours = [name for name in named if not name.startswith(("python_", "process_"))]
    assert [name for name in ours if f"`{name}`" not in PAGE] == []


def test_each_column_of_an_import_is_told() -> None:
    page = (DOCS / "registry-import.md").read_text()
    told = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(told) == sorted((*COLUMNS, *OPTIONAL_COLUMNS))
