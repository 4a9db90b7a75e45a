"""Which addresses a client may register, and which it may then ask us to redirect to.

RFC 6749 section 3.1.2, RFC 8252 section 7, RFC 9700 section 2.1: compared character by character,
with one exception: the port of a native application's loopback address.
"""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from idp.oauth.errors import InvalidRedirectUri

MAXIMUM_LENGTH = 2000
LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "::1"})
LOOPBACK = LOOPBACK_ADDRESSES | {"localhost"}
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")  # no wildcard, no second notation
URI = re.compile(
    r"[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+"
)  # RFC 3986, no escapes left out


def check_registrable(uri: str, *, native: bool, field: str = "redirect_uris") -> None:
    """Raises `InvalidRedirectUri` for `field` unless `uri` is https, http on loopback, or (for a
    native application) of a scheme of its own in reverse-domain form (RFC 8252 section 7.1)."""
    if not is_registrable(uri, native=native):
        raise InvalidRedirectUri(field=field)


def is_registrable(uri: str, *, native: bool) -> bool:
    """Whether `check_registrable` is content with it."""
    parts = _split(uri)
    if parts is None or parts.fragment or uri.endswith("#") or parts.username is not None:
        return False
    if parts.scheme == "https":
        return HOST.fullmatch(parts.hostname or "") is not None
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK
    return native and "." in parts.scheme and not parts.netloc and parts.path.startswith("/")


def is_registered(uri: str, registered: Iterable[str], *, native: bool) -> bool:
    """Whether a request may name `uri`."""
    registered = tuple(registered)
    if uri in registered:
        return True
    return native and any(_same_but_port(uri, each) for each in registered)


def _same_but_port(uri: str, registered: str) -> bool:
    asked, known = _split(uri), _split(registered)
    if asked is None or known is None or known.hostname not in LOOPBACK_ADDRESSES:
        return False
    return asked.scheme == known.scheme == "http" and _without_port(asked) == _without_port(known)


def _without_port(parts: SplitResult) -> SplitResult:
    host = parts.netloc.rsplit(":", 1)[0] if parts.port is not None else parts.netloc
    return parts._replace(netloc=host)


def _split(uri: str) -> SplitResult | None:
    if len(uri) > MAXIMUM_LENGTH or not URI.fullmatch(uri):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return parts
