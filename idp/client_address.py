"""Where a request comes from: the address for the record, and the network that limits count."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import request

SUBSCRIBER = 64  # bits: the smallest IPv6 network that one subscriber is given (RFC 6177)


def client_address() -> str | None:
    """The caller's IP address; None when the server knows none (a Unix socket)."""
    address = _parsed(request.remote_addr)
    return str(address) if address else None


def client_network() -> str:
    """What counts as one caller: see `network_of`."""
    return network_of(request.remote_addr)


def network_of(remote_address: str | None) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address, of which a single subscriber can use
    every one."""
    address = _parsed(remote_address)
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> SUBSCRIBER << SUBSCRIBER)}/{SUBSCRIBER}"
    return str(address or "unknown")


def _parsed(remote_address: str | None) -> IPv4Address | IPv6Address | None:
    """Without the zone of a link-local address; an IPv4 address in IPv6 dress is itself."""
    try:
        address = ip_address((remote_address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address
