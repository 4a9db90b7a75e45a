"""The brand's colours and mark, made once at start and kept by browsers for good: their address
holds a hash of their content.

What brands don't say, the style sheet does (`static/outorga.css`). That every text can be read is
checked when the profile is (`config.contrast`).
"""

import hashlib
from dataclasses import dataclass, fields

from flask import Blueprint, Flask, Response, current_app, url_for

from config.market import Brand, Colours
from idp.pages.static_files import FOR_GOOD, static_url

blueprint = Blueprint("brand", __name__)

SHEET = """:root {{
{light}
}}
@media (prefers-color-scheme: dark) {{
  :root {{
{dark}
  }}
}}
"""
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="9" fill="{accent}"/>'
    '<circle cx="14" cy="16" r="6.5" fill="none" stroke="{on_accent}" stroke-width="3.5"/>'
    '<circle cx="24" cy="16" r="3" fill="{on_accent}" stroke="{accent}" stroke-width="1.5"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Made:
    """A file of this brand."""

    content: bytes
    mimetype: str
    version: str  # the beginning of the SHA-256 of the content


def init_app(app: Flask) -> None:
    """Make both files, and let templates ask for their addresses and for the colours of mails."""
    brand: Brand = app.config["PROFILE"].brand
    app.register_blueprint(blueprint)
    app.extensions["brand"] = {"css": _made(sheet_of(brand), "text/css")}
    mark = MARK.format(accent=brand.light.accent, on_accent=brand.light.on_accent)
    app.extensions["brand"]["svg"] = _made(mark, "image/svg+xml")
    app.jinja_env.globals.update(brand_file=brand_file, logo_url=logo_url, brand=brand)


def sheet_of(brand: Brand) -> str:
    """The custom properties of both schemes of light."""
    return SHEET.format(light=_properties(brand.light), dark=_properties(brand.dark))


def brand_file(kind: str) -> str:
    """The address of the brand's `css` or `svg`."""
    made: Made = current_app.extensions["brand"][kind]
    return url_for(f"brand.{_ENDPOINTS[kind]}", v=made.version)


def logo_url() -> str:
    """The address of the brand's own logo; empty: it has none."""
    logo: str = current_app.config["PROFILE"].brand.logo
    return static_url(f"brands/{logo}.svg") if logo else ""


@blueprint.get("/brand.css")
def sheet() -> Response:
    """The colours."""
    return _answer("css")


@blueprint.get("/brand.svg")
def mark() -> Response:
    """The icon of browser tabs."""
    return _answer("svg")


_ENDPOINTS = {"css": "sheet", "svg": "mark"}


def _answer(kind: str) -> Response:
    made: Made = current_app.extensions["brand"][kind]
    return Response(made.content, mimetype=made.mimetype, headers={"Cache-Control": FOR_GOOD})


def _made(text: str, mimetype: str) -> Made:
    content = text.encode()
    return Made(content, mimetype, hashlib.sha256(content).hexdigest()[:12])


def _properties(colours: Colours) -> str:
    names = (each.name for each in fields(colours))
    return "\n".join(f"  --{name.replace('_', '-')}: {getattr(colours, name)};" for name in names)
