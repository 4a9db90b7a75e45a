"""The address of another host, taken apart and looked at before anything is resolved."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from idp.outbound.errors import Reason, Unreachable

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")  # a name, or an address
PATH = re.compile(r"[\x21-\x7e]*")
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, and what to ask for: `host` without brackets, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def secure(self) -> bool:
        """Whether the connection is encrypted and the host proves its name."""
        return self.scheme == "https"

    @property
    def named(self) -> str:
        """The Host header (RFC 9110 section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Target:
    """Raises `Unreachable` for what is neither https nor http, or names a user. A fragment stays
    here: it is never sent."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Unreachable(Reason.ADDRESS) from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    known = parts.scheme in PORTS and "@" not in parts.netloc
    if not known or not HOST.fullmatch(host) or not PATH.fullmatch(path):
        raise Unreachable(Reason.ADDRESS)
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)
