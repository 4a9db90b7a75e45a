"""requests-oauth2client signs people in, by every way to prove itself and its requests."""

from requests_oauth2client import (
    ClientSecretJwt,
    DPoPToken,
    PrivateKeyJwt,
    PublicApp,
)

from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import SECRET
from tests.oauth.interop.conftest import SCOPE, Provider
from tests.oauth.interop.oauth2client import FAPI, KEY, KEYS, finished, made, signed_in, with_secret
from tests.oauth.interop.person import Person


def test_a_confidential_client_completes_the_flow_refreshes_and_introspects(
    provider: Provider, guest: Person
) -> None:
    client = with_secret(provider, provider.confidential)
    token = signed_in(client, guest)
    assert token.id_token is not None
    assert token.id_token.sub == JOAO
    assert token.id_token.grants[0]["holder"] == MARIA
    assert client.userinfo(token)["email"] == "joao@example.com"
    assert client.introspect_token(token.access_token)["active"] is True
    renewed = client.refresh_token(token)
    assert client.revoke_refresh_token(renewed) is True
    assert client.introspect_token(renewed.access_token) == {"active": False}


def test_a_public_client_completes_the_flow(provider: Provider, maria: Person) -> None:
    client = made(provider, PublicApp(provider.public.client_id))
    token = finished(client, maria, client.authorization_request(scope="openid"))
    assert token.id_token is not None
    assert token.id_token.sub == MARIA


def test_a_client_acts_for_itself(provider: Provider) -> None:
    token = with_secret(provider, provider.confidential).client_credentials()
    assert token.expires_in is not None
    assert 0 < token.expires_in <= 300


def test_a_client_signs_with_its_secret(provider: Provider) -> None:
    registered = provider.client(token_endpoint_auth_method="client_secret_jwt")
    client = made(provider, ClientSecretJwt(registered.client_id, SECRET, aud=provider.issuer))
    assert client.client_credentials().access_token


def test_a_client_signs_its_requests(provider: Provider, guest: Person) -> None:
    registered = provider.client(**KEYS, require_signed_request_object=True)
    client = with_secret(provider, registered)
    asked = client.authorization_request(scope=SCOPE)
    signed = asked.sign(KEY, alg="ES256", lifetime=60)
    answer = asked.validate_callback(guest.walk(signed.uri))
    assert client.authorization_code(answer).id_token is not None


def test_a_client_pushes_its_requests(provider: Provider, guest: Person) -> None:
    registered = provider.client(require_pushed_authorization_requests=True)
    client = with_secret(provider, registered)
    asked = client.authorization_request(scope=SCOPE)
    pushed = client.pushed_authorization_request(asked)
    answer = asked.validate_callback(guest.walk(pushed.uri))
    assert client.authorization_code(answer).id_token is not None


def test_a_client_held_to_fapi_proves_its_key_with_our_nonce(
    provider: Provider, guest: Person
) -> None:
    registered = provider.client(**FAPI)
    client = made(
        provider,
        PrivateKeyJwt(registered.client_id, KEY, alg="ES256", aud=provider.issuer),
        dpop_bound_access_tokens=True,
        id_token_signed_response_alg="ES256",
    )
    asked = client.authorization_request(scope=SCOPE, dpop=True)
    pushed = client.pushed_authorization_request(asked)
    answer = asked.validate_callback(guest.walk(pushed.uri))
    token = client.authorization_code(
        answer, validate=False
    )  # its check loses the key of the token
    assert isinstance(token, DPoPToken)
    assert token.dpop_key.as_nonce
    assert client.userinfo(token)["sub"] == JOAO
    renewed = client.refresh_token(token)
    assert isinstance(renewed, DPoPToken)
    assert client.introspect_token(renewed.access_token)["cnf"] == {"jkt": token.dpop_key.dpop_jkt}
