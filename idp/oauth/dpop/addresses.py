"""Whether two addresses are the same one, as `htu` is compared (RFC 9449 section 4.3, 9)."""

import re
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def normalised(address: str) -> str | None:
    """By syntax and scheme (RFC 3986 sections 6.2.2 and 6.2.3), without query and fragment; None
    for what is no http address, or has a user name in it."""
    parts = _split(address)
    if parts is None or parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    if "@" in parts.netloc or "\\" in address:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.port not in {None, DEFAULT_PORTS[parts.scheme]}:
        host = f"{host}:{parts.port}"
    return f"{parts.scheme}://{host}{_path(parts.path)}"


def _split(address: str) -> SplitResult | None:
    if not (address.isascii() and address.isprintable()) or " " in address:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return parts


def _path(path: str) -> str:
    """RFC 3986 sections 6.2.2.1 to 6.2.2.3; an empty path is the root."""
    *inner, last = ESCAPE.sub(_unescaped, path).split("/")[1:] or [""]
    kept: list[str] = []
    for segment in inner:
        _follow(kept, segment)
    _follow(kept, last)
    if last in {"", ".", ".."}:
        kept = [*(kept if last else kept[:-1]), ""]
    return "/" + "/".join(kept)


def _follow(kept: list[str], segment: str) -> None:
    """One step of RFC 3986 section 5.2.4."""
    if segment == "..":
        del kept[-1:]
    elif segment != ".":
        kept.append(segment)


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if UNRESERVED.fullmatch(character) else escape[0].upper()
