"""What clients showed once, and who was invited, is kept for as long as it matters."""

from datetime import timedelta

from flask.testing import FlaskClient

from idp import clock
from idp.extensions import db
from idp.oauth import purging
from idp.oauth.clients.models import ClientInvitation, UsedAssertion
from tests.factories.oauth import a_client
from tests.oauth.clients.registering import an_invitation, registered
from tests.oauth.clients.signing import KEYS, proof_of


def test_an_assertion_is_forgotten_once_it_has_expired(client: FlaskClient) -> None:
    application = a_client(token_endpoint_auth_method="private_key_jwt", jwks=KEYS)
    form = {"grant_type": "client_credentials", **proof_of(application)}
    assert client.post("/oauth/token", data=form).status_code == 200
    purging.purge(clock.now())
    assert db.session.query(UsedAssertion).count() == 1
    purging.purge(clock.now() + timedelta(minutes=2))
    assert db.session.query(UsedAssertion).count() == 0


def test_an_invitation_stays_while_it_has_clients(client: FlaskClient) -> None:
    an_invitation(days=1)
    registered(client, an_invitation(days=1))
    purging.purge(clock.now())
    assert db.session.query(ClientInvitation).count() == 2
    purging.purge(clock.now() + timedelta(days=2))
    assert db.session.query(ClientInvitation).count() == 1
