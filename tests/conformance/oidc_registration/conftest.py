"""The provider may ask `keys.example`, a server on this computer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.outbound.conftest import Names, certificates, host, names  # noqa: F401 - fixtures


@pytest.fixture
def asking(app: Flask, certificates: Path, names: Names) -> Iterator[None]:  # noqa: F811
    """With the authority of the tests trusted, and loopback allowed."""
    changed = {
        "OUTBOUND_ALLOWED": ("127.0.0.0/8",),
        "OUTBOUND_CA_BUNDLE": str(certificates / "authority.pem"),
    }
    before = {name: app.config[name] for name in changed}
    app.config.update(changed)
    app.extensions.pop("outbound_documents", None)
    yield
    app.config.update(before)
