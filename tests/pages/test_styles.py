"""Colours that can be read, in light and in dark; a page that weighs little."""

import re
from pathlib import Path

import pytest

from tests.conftest import make_app

STATIC = Path(__file__).parents[2] / "idp" / "static"
CSS = (STATIC / "outorga.css").read_text()
DARK = CSS.index("@media (prefers-color-scheme: dark)")
SCHEMES = {"light": CSS[:DARK], "dark": CSS[DARK : CSS.index("*, *::before")]}

TEXT = 4.5  # WCAG 2.2, 1.4.3
CONTROL = 3.0  # WCAG 2.2, 1.4.11
PAIRS = [
    *((ink, ground, TEXT) for ground in ("paper", "sheet") for ink in ("ink", "soft", "accent")),
    *((ink, "tint", TEXT) for ink in ("ink", "accent-deep")),
    *(("ink", f"{kind}-tint", TEXT) for kind in ("danger", "warn", "good")),
    *((kind, f"{kind}-tint", TEXT) for kind in ("danger", "warn", "good")),
    *((kind, "sheet", TEXT) for kind in ("danger", "accent-deep")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-deep", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-deep", TEXT),
    *((edge, "sheet", CONTROL) for edge in ("edge", "focus", "good", "warn", "danger")),
    ("focus", "paper", CONTROL),
]


def colours(scheme: str) -> dict[str, tuple[int, int, int]]:
    """Each custom property that is a colour."""
    found = re.findall(r"--([a-z-]+): #([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2});", SCHEMES[scheme])
    return {name: (int(r, 16), int(g, 16), int(b, 16)) for name, r, g, b in found}


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """From 1 (the same) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_can_be_read_on_its_ground(scheme: str, ink: str, ground: str, least: float) -> None:
    known = colours(scheme)
    assert contrast(known[ink], known[ground]) >= least


def test_light_and_dark_name_the_same_colours() -> None:
    assert colours("light").keys() == colours("dark").keys()


def test_colours_stand_in_one_place() -> None:
    rules = CSS[CSS.index("*, *::before") : CSS.index("@media print")]
    assert re.findall(r"#[0-9a-f]{3,6}\b", rules) == []


def test_the_style_sheet_loads_nothing_from_elsewhere() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_a_page_weighs_less_than_30_kilobytes_all_in() -> None:
    client = make_app("postgresql://unused").test_client()
    page = client.get("/help/real").get_data()
    files = sum(len(path.read_bytes()) for path in STATIC.iterdir())
    assert len(page) + files < 30_000
