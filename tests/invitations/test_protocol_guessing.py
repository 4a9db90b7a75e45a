"""Who tries numbers learns little, slowly, and nothing from how long it takes."""

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.invitations.models import Invitation
from idp.invitations.paper.codes import code_of
from idp.invitations.protocols import new_protocol, with_check_digit
from tests.factories.accounts import an_account
from tests.factories.papers import a_protocol
from tests.statements import statements_sent


@pytest.fixture
def invitation(client: FlaskClient) -> Invitation:
    return a_protocol(an_account())


def test_guessing_is_limited_by_address_whether_there_is_one_or_not(
    client: FlaskClient, invitation: Invitation
) -> None:
    burst = client.application.config["PROTOCOLS_PER_ADDRESS"]
    for number in range(burst):
        path = page_of(invitation) if number % 2 else f"/protocols/{new_protocol(clock.now())}"
        assert client.get(path).status_code in (200, 404)
    refused = client.get(f"{page_of(invitation)}?check={code_of(invitation.public_id)}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "M. d. S." not in refused.text
    other = {"REMOTE_ADDR": "198.51.100.9"}
    assert client.get(page_of(invitation), environ_base=other).status_code == 200


def test_an_unknown_number_costs_as_much_as_a_known_one(
    client: FlaskClient, invitation: Invitation
) -> None:
    path = page_of(invitation)
    with statements_sent() as known:
        client.get(path)
    with statements_sent() as unknown:
        client.get(f"/protocols/{with_check_digit('199912345678')}")
    assert len(known) == len(unknown)


def page_of(invitation: Invitation) -> str:
    return f"/protocols/{invitation.protocol}"
