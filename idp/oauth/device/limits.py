"""How often a device may begin, and how often codes may be tried (RFC 8628 section 5.1)."""

from datetime import timedelta

from idp.client_address import client_network
from idp.rate_limits import Limit, hit

BEGINNINGS = Limit("device.begin", 60, timedelta(seconds=1))  # by network
BY_PERSON = Limit("device.person", 10, timedelta(minutes=1))
BY_NETWORK = Limit("device.network", 60, timedelta(seconds=5))


def beginning(network: str) -> None:
    """Count a device that begins; raises `TooManyAttempts`."""
    BEGINNINGS.hit(network)


def code(account: str) -> None:
    """Count a code that this account (a public id) typed; raises `TooManyAttempts`."""
    hit((BY_PERSON, account), (BY_NETWORK, client_network()))


def forgive_code(account: str) -> None:
    """Forget the tries of somebody who then had a right one."""
    BY_PERSON.forgive(account)
