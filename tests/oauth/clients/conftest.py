"""The provider may ask `keys.example`, a server on this computer."""

from tests.outbound.conftest import asking, certificates, host, names  # noqa: F401 - fixtures
