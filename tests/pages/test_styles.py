"""Colours that can be read, in light and in dark; a page that weighs little."""

import re
from pathlib import Path

import pytest

from config import contrast, profiles
from idp.pages import brand as brands
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


def colours(scheme: str, profile: str = profiles.DEFAULT) -> dict[str, str]:
    """Each custom property that is a colour, the brand's among them."""
    brand = brands.sheet_of(profiles.load(profile).brand)
    dark = brand.index("@media")
    text = SCHEMES[scheme] + (brand[:dark] if scheme == "light" else brand[dark:])
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))


@pytest.mark.parametrize("profile", profiles.names())
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_can_be_read_on_its_ground(
    profile: str, scheme: str, ink: str, ground: str, least: float
) -> None:
    known = colours(scheme, profile)
    assert contrast.ratio(known[ink], known[ground]) >= least


@pytest.mark.parametrize("scheme", SCHEMES)
def test_brands_are_measured_against_the_grounds_of_the_style_sheet(scheme: str) -> None:
    known = colours(scheme)
    grounds = contrast.GROUNDS[scheme]
    assert {name: known[name] for name in grounds} == grounds


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0b5f5a", "#0b5f5a", 1.0)],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    """Figures of WebAIM's contrast checker."""
    assert round(contrast.ratio(one, other), 2) == round(contrast.ratio(other, one), 2) == ratio


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
    files = sum(len(path.read_bytes()) for path in STATIC.iterdir() if path.is_file())
    assert len(page) + len(client.get("/brand.css").data) + files < 30_000


@pytest.mark.parametrize("kind", ["css", "svg"])
def test_a_page_names_the_files_of_its_brand_which_are_kept_for_good(kind: str) -> None:
    client = make_app("postgresql://unused", "lt-business").test_client()
    page = client.get("/help/real").text
    (address,) = re.findall(rf'href="(/brand\.{kind}\?v=[0-9a-f]{{12}})"', page)
    answer = client.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    assert profiles.load("lt-business").brand.light.accent in answer.text
