"""Accessibility of a page in a real browser, by axe-core (WCAG 2.2 A and AA, best practices)."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it is shown: one line a rule, with the elements."""
    # The policy of the page forbids scripts of others: evaluation by the driver is not one.
    page.evaluate(source())
    found: list[dict[str, Any]] = page.evaluate(
        "standards => axe.run({runOnly: standards}).then(results => results.violations)", STANDARDS
    )
    return [
        f"{page.url}: {each['id']}: {each['help']}: "
        + "; ".join(f"{node['html']} ({node['failureSummary']})" for node in each["nodes"])
        for each in found
    ]


@cache
def source() -> str:
    """The script that comes with the Python package."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
