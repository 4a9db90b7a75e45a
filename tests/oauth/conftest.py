"""Other hosts for tests of what the provider asks of them."""

from tests.outbound.conftest import certificates, host, names

__all__ = ["certificates", "host", "names"]
