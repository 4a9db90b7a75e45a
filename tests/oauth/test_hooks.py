"""Ids that others rely on are there: what docs/hooks.md promises, the templates keep."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "idp" / "templates"
PROMISED = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", (ROOT / "docs" / "hooks.md").read_text("utf-8"))
KINDS = ("consent", "device", "approval")  # `_decision.html` serves all of them


def ids() -> set[str]:
    """Every id of every template."""
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        for each in re.findall(r'\bid="([^"]+)"', path.read_text("utf-8")):
            found |= {each.replace("{{ kind }}", kind) for kind in KINDS}
    return found


def test_every_id_that_is_promised_is_there() -> None:
    assert len(PROMISED) > 10
    assert [each for each in PROMISED if each not in ids()] == []
