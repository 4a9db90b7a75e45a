"""Keys that a test made are rolled back after it; memory must not keep them."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def forget(migrated_app: Flask) -> Iterator[None]:
    """Begin and end with what the database has."""
    migrated_app.extensions["oauth_caches"].clear()
    yield
    migrated_app.extensions["oauth_caches"].clear()
