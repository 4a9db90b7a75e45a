"""Accessibility of a page in a real browser, by axe-core (WCAG 2.2 A and AA, best practices)."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


RUN = "options => axe.run(options).then(results => results.violations)"


def violations(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds wrong on the page as it is shown: one line a rule, with the elements.

    Without `colours` contrast is not measured: the same in every language, it takes longest.
    """
    # The policy of the page forbids scripts of others: evaluation by the driver is not one.
    if not page.evaluate("'axe' in window"):
        page.evaluate(source())
    options = {
        "runOnly": STANDARDS,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": colours}},
    }
    found: list[dict[str, Any]] = page.evaluate(RUN, options)
    return [
        f"{page.url}: {each['id']}: {each['help']}: "
        + "; ".join(f"{node['html']} ({node['failureSummary']})" for node in each["nodes"])
        for each in found
    ]


@cache
def source() -> str:
    """The script that comes with the Python package."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
