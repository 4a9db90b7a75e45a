"""How often a device may begin, and how often codes may be tried (RFC 8628 section 5.1)."""

from datetime import timedelta
from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error

from idp.client_address import client_network
from idp.errors import TooManyAttempts
from idp.rate_limits import Limit, hit

BEGINNINGS = Limit("device.begin", 60, timedelta(seconds=1))  # by network
BY_PERSON = Limit("device.person", 10, timedelta(minutes=1))
BY_NETWORK = Limit("device.network", 60, timedelta(seconds=5))


class TooManyDevices(OAuth2Error):  # type: ignore[misc]
    """More than a whole building full of screens would begin."""

    error = "slow_down"
    description = "Too many devices begin from this network."
    status_code = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after  # seconds

    def get_headers(self) -> list[tuple[str, str]]:
        """When to come again."""
        return [*super().get_headers(), ("Retry-After", str(self.retry_after))]


def beginning(network: str) -> None:
    """Count a device that begins; raises `TooManyDevices`."""
    try:
        BEGINNINGS.hit(network)
    except TooManyAttempts as error:
        raise TooManyDevices(error.retry_after) from error


def code(account: str) -> None:
    """Count a code that this account (a public id) typed; raises `TooManyAttempts`."""
    hit((BY_PERSON, account), (BY_NETWORK, client_network()))


def forgive_code(account: str) -> None:
    """Forget the tries of somebody who then had a right one."""
    BY_PERSON.forgive(account)
