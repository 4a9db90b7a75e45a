"""Whether a brand's colours can be read (WCAG 2.2, success criteria 1.4.3 and 1.4.11)."""

from collections.abc import Iterator

from config.market import Colours

SCHEMES = ("light", "dark")
# The grounds and the ink of idp/static/outorga.css that brands are seen beside.
GROUNDS = {
    "light": {"paper": "#f3f6f5", "sheet": "#ffffff", "ink": "#15211f"},
    "dark": {"paper": "#0e1413", "sheet": "#171f1e", "ink": "#e8efed"},
}
LEAST = 4.5
DARKEST = 0.04045  # of a part of a colour, below which it rises evenly


def problems_of(colours: Colours, scheme: str) -> Iterator[str]:
    """A line for each pair of text and ground below 4.5:1."""
    shown = {**GROUNDS[scheme], **{name: getattr(colours, name) for name in colours.__slots__}}
    pairs = [("on_accent", "accent"), ("on_accent", "accent_deep"), ("ink", "tint")]
    pairs += [(text, ground) for text in ("accent", "accent_deep") for ground in _GROUNDS]
    for text, ground in pairs:
        found = ratio(shown[text], shown[ground])
        if found < LEAST:
            yield f"{text} on {ground}: contrast {found:.2f}, at least {LEAST} is needed"


_GROUNDS = ("paper", "sheet", "tint")


def ratio(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, from 1 to 21 (WCAG 2.2, definition)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2.2, definition)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= DARKEST else float(((part + 0.055) / 1.055) ** 2.4)
