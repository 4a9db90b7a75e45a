"""Asking other hosts, whose addresses strangers may have given us, without being led astray.

https only, to an address that was checked after the name was resolved, within limits of time and
size, without redirects, cookies or a proxy of the environment. No database connection may be held
meanwhile (`idp.extensions.release`). OUTBOUND_ALLOWED names what may lie in private networks.
"""

from idp.outbound.cache import cached, cached_again
from idp.outbound.errors import Unreachable
from idp.outbound.fetching import Answer, get, post

__all__ = ["Answer", "Unreachable", "cached", "cached_again", "get", "post"]
