"""Where to go on to after signing in: a local path, whatever somebody put into the link."""

import re
from urllib.parse import unquote

HOME = "/"
MAXIMUM_LENGTH = 4096  # an authorization request with RFC 9396 details is long
ROUNDS_OF_DECODING = 3


def safe(target: str | None) -> str:
    """`target` if it is a path of this very site, else home."""
    return known(target) or HOME


def known(target: str | None) -> str:
    """`target` if it is a path of this very site, else empty."""
    return target if target and is_local(target) else ""


def is_local(target: str) -> bool:
    """Whether every browser and proxy resolves `target` to this site.

    Browsers read a backslash as a slash and drop tabs and line breaks; some proxies decode a path
    before they pass it on. So a path is refused when any decoding of it could name a host.
    """
    if len(target) > MAXIMUM_LENGTH or not target.startswith("/") or not target.isprintable():
        return False
    # Not urlsplit: it takes the path of `///host` to be `/host`, and browsers take it to be a host.
    path = re.split("[?#]", target, maxsplit=1)[0]
    return "\\" not in target and all(_is_plain(each) for each in _decodings(path))


def _is_plain(path: str) -> bool:
    return "//" not in path and "\\" not in path and path.isprintable()


def _decodings(path: str) -> list[str]:
    found = [path]
    for _round in range(ROUNDS_OF_DECODING):
        found.append(unquote(found[-1]))
    return found
