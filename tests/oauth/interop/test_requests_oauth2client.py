"""requests-oauth2client: strict about `iss`, `state`, `nonce`, `at_hash` and the metadata."""

import requests
from requests_oauth2client import ClientSecretBasic, OAuth2Client, PublicApp

from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import REDIRECT_URI
from tests.oauth.interop.conftest import SCOPE, Provider
from tests.oauth.interop.person import Person


def made(provider: Provider, client_id: str, secret: str | None) -> OAuth2Client:
    """From what the provider says of itself, in requests of its own."""
    return OAuth2Client.from_discovery_endpoint(
        issuer=provider.issuer,
        auth=ClientSecretBasic(client_id, secret) if secret else PublicApp(client_id),
        redirect_uri=REDIRECT_URI,
        session=requests.Session(),
    )


def test_a_confidential_client_completes_the_flow_refreshes_and_introspects(
    provider: Provider, guest: Person
) -> None:
    client = made(provider, provider.confidential.client_id, provider.secret)
    asked = client.authorization_request(scope=SCOPE)
    answer = asked.validate_callback(guest.walk(asked.uri))
    token = client.authorization_code(answer, validate=True)
    assert token.id_token is not None
    assert token.id_token.sub == JOAO
    assert token.id_token.grants[0]["holder"] == MARIA
    assert client.userinfo(token)["email"] == "joao@example.com"
    assert client.introspect_token(token.access_token)["active"] is True
    renewed = client.refresh_token(token)
    assert client.revoke_refresh_token(renewed) is True
    assert client.introspect_token(renewed.access_token) == {"active": False}


def test_a_public_client_completes_the_flow(provider: Provider, maria: Person) -> None:
    client = made(provider, provider.public.client_id, None)
    asked = client.authorization_request(scope="openid")
    token = client.authorization_code(asked.validate_callback(maria.walk(asked.uri)), validate=True)
    assert token.id_token is not None
    assert token.id_token.sub == MARIA


def test_a_client_acts_for_itself(provider: Provider) -> None:
    client = made(provider, provider.confidential.client_id, provider.secret)
    token = client.client_credentials()
    assert token.expires_in is not None
    assert 0 < token.expires_in <= 300
