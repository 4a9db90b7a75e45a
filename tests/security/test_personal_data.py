"""What the service knows of one person is not told to another."""

from flask.testing import FlaskClient

from idp.accounts.lookup import VISITOR
from idp.audit import Actor, Event, record
from idp.extensions import transaction
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao


def test_the_activity_page_shows_no_network_address_of_somebody_else(client: FlaskClient) -> None:
    maria, guest = an_account(), joao()
    with client.application.test_request_context(environ_base={"REMOTE_ADDR": "198.51.100.7"}):
        for by in (guest.actor, Actor("staff", "t_x"), Actor("client", "c_x")):
            with transaction():
                record(Event.INVITATION_ACCEPTED, by=by, account=maria.public_id)
    for address, by in (("192.0.2.10", maria.actor), ("192.0.2.11", VISITOR)):
        with (
            client.application.test_request_context(environ_base={"REMOTE_ADDR": address}),
            transaction(),
        ):
            record(Event.SIGN_IN_FAILED, by=by, account=maria.public_id)
    sign_in_as(client, maria)
    page = client.get("/account/activity").text
    assert "192.0.2.10" in page and "192.0.2.11" in page
    assert "198.51.100.7" not in page
