"""A connection to the very address that was checked, which ends when its time is over."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from time import monotonic

from flask import current_app
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from idp.outbound import addresses
from idp.outbound.errors import Reason, Unreachable
from idp.outbound.targets import Target

MOST_ADDRESSES = 3  # of one host, tried one after the other


@contextmanager
def connected(target: Target, deadline: float) -> Iterator[HTTPConnection]:
    """Resolve once, check every address, connect to one of them; `deadline` is in the seconds of
    `time.monotonic`. Raises `Unreachable` and what urllib3 and ssl raise.
    """
    connection = _first(target, addresses_of(target, deadline), deadline)
    line = connection.sock
    ending = threading.Timer(max(0.0, deadline - monotonic()), _end, [line])
    ending.daemon = True
    ending.start()  # a limit for each read would let an answer drip for ever
    try:
        yield connection
    finally:
        ending.cancel()
        connection.close()
        line.close()  # which an answer without a length has taken over


def addresses_of(target: Target, deadline: float) -> list[str]:
    """Those of the host, each of them checked; plain http only to what the setting allows, and
    never in production. Raises `Unreachable`."""
    config = current_app.config
    if not target.secure and config["MODE"] == "production":
        raise Unreachable(Reason.ADDRESS)
    allowed = addresses.allowed_by(config["OUTBOUND_ALLOWED"])
    seconds = max(0.0, deadline - monotonic())
    return addresses.resolve(
        target.host, target.port, allowed=allowed, public=target.secure, seconds=seconds
    )


def _first(target: Target, found: list[str], deadline: float) -> HTTPConnection:
    for number, address in enumerate(found[:MOST_ADDRESSES], start=1):
        connection = _made(target, address, max(0.001, deadline - monotonic()))
        try:
            connection.connect()
        except (NewConnectionError, ConnectTimeoutError):
            connection.close()
            if number == min(len(found), MOST_ADDRESSES):
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise Unreachable(Reason.NAME)


def _made(target: Target, address: str, seconds: float) -> HTTPConnection:
    if not target.secure:
        return HTTPConnection(address, target.port, timeout=seconds)
    return HTTPSConnection(
        address,
        target.port,
        timeout=seconds,
        server_hostname=target.host,  # asked for by SNI, and what the certificate must be for
        ssl_context=_trust(current_app.config["OUTBOUND_CA_BUNDLE"]),
    )


@lru_cache(maxsize=4)
def _trust(bundle: str) -> ssl.SSLContext:
    """Certificates and names are checked; without a bundle those of the system are trusted."""
    context = ssl.create_default_context(cafile=bundle or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
