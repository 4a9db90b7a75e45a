"""What every test of the API starts from."""

import pytest
from flask.testing import FlaskClient

from tests.api.reporting import World, a_world


@pytest.fixture
def world(client: FlaskClient) -> World:
    return a_world(client)
