"""Which network addresses may be asked, and what a name resolves to."""

import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Self

from idp.outbound.errors import Reason, Unreachable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Ways to write an IPv4 address inside an IPv6 one: none is needed to reach a public host.
EMBEDDING = tuple(
    IPv6Network(text)
    for text in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64 of a network's own (RFC 8215)
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
    )
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be asked beside the public internet: names of hosts, and networks."""

    hosts: frozenset[str]
    networks: tuple[Network, ...]

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Self:
        """Raises ValueError for an entry that is neither."""
        networks = [entry for entry in entries if "/" in entry or _is_address(entry)]
        hosts = frozenset(entry.lower() for entry in entries if entry not in networks)
        return cls(hosts, tuple(ip_network(entry) for entry in networks))

    def covers(self, host: str, address: Address) -> bool:
        """Whether the operator named this host, or a network with this address in it."""
        return host in self.hosts or any(
            address.version == network.version and address in network for network in self.networks
        )


def is_public(address: Address) -> bool:
    """Whether it is a host of the public internet (IANA's special-purpose registries)."""
    if isinstance(address, IPv6Address) and any(address in network for network in EMBEDDING):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int, *, allowed: Allowed, public: bool, seconds: float) -> list[str]:
    """The addresses of `host`, each of them checked; the connection must go to one of these.

    Without `public` only what is allowed will do. Raises `Unreachable`, also when only one of
    several is refused.
    """
    found = [ip_address(each) for each in _look_up(host, port, seconds)]
    if not found:
        raise Unreachable(Reason.NAME)
    if not all((public and is_public(each)) or allowed.covers(host, each) for each in found):
        raise Unreachable(Reason.ADDRESS)
    return [str(each) for each in found]


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """In a thread of its own: the resolver knows no time limit of ours."""
    found: list[str] = []

    def ask() -> None:
        try:
            answers: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in answers))
        except (OSError, UnicodeError):
            return

    asking = threading.Thread(target=ask, name="resolver", daemon=True)
    asking.start()
    asking.join(seconds)
    return list(found)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=8)
def allowed_by(entries: tuple[str, ...]) -> Allowed:
    """`Allowed.parse`, done once for each setting."""
    return Allowed.parse(entries)
