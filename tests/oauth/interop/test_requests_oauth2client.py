"""requests-oauth2client: strict about `iss`, `state`, `nonce`, `at_hash` and the metadata."""

from typing import Any

import pytest
import requests
from jwskate import Jwk
from requests_oauth2client import (
    AuthorizationPending,
    AuthorizationRequest,
    BackChannelAuthenticationPollingJob,
    BearerToken,
    ClientSecretBasic,
    ClientSecretJwt,
    DeviceAuthorizationPollingJob,
    DPoPToken,
    OAuth2Client,
    PrivateKeyJwt,
    PublicApp,
    SlowDown,
)

from idp.oauth.clients import RegisteredClient
from tests.factories.accounts import JOAO, MARIA
from tests.factories.exchange import ACCESS_TOKEN, GRANT_HANDLE, TOKEN_EXCHANGE
from tests.factories.oauth import REDIRECT_URI, SECRET
from tests.oauth.approvals.asking import CIBA, DEVICE_CODE
from tests.oauth.interop.conftest import SCOPE, Provider
from tests.oauth.interop.person import Person

KEY = Jwk.generate(alg="ES256").with_kid_thumbprint()
KEYS = {"jwks": {"keys": [dict(KEY.public_jwk())]}}
FAPI: dict[str, Any] = {
    **KEYS,
    "fapi": True,
    "token_endpoint_auth_method": "private_key_jwt",
    "require_pushed_authorization_requests": True,
    "dpop_bound_access_tokens": True,
    "id_token_signed_response_alg": "ES256",
    "authorization_signed_response_alg": "ES256",
}


ALSO = ("device_authorization_endpoint", "backchannel_authentication_endpoint")


def made(provider: Provider, auth: Any, **options: Any) -> OAuth2Client:
    """From what the provider says of itself; these two addresses it doesn't look for."""
    address = f"{provider.issuer}/.well-known/openid-configuration"
    metadata = requests.get(address, timeout=5).json()
    return OAuth2Client.from_discovery_document(
        metadata,
        issuer=provider.issuer,
        auth=auth,
        redirect_uri=REDIRECT_URI,
        authorization_server_jwks=requests.get(metadata["jwks_uri"], timeout=5).json(),
        **{name: metadata[name] for name in ALSO},
        **options,
    )


def with_secret(provider: Provider, client: RegisteredClient) -> OAuth2Client:
    return made(provider, ClientSecretBasic(client.client_id, SECRET))


def signed_in(client: OAuth2Client, person: Person, **asked: Any) -> BearerToken:
    request = client.authorization_request(scope=SCOPE, **asked)
    return finished(client, person, request)


def finished(client: OAuth2Client, person: Person, request: AuthorizationRequest) -> BearerToken:
    return client.authorization_code(request.validate_callback(person.walk(request.uri)))


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
    said = {"iss": registered.client_id, "aud": provider.issuer}  # it leaves them to its user
    asked = client.authorization_request(scope=SCOPE, **said)
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


def test_a_client_acts_for_a_holder(provider: Provider, guest: Person) -> None:
    api = f"{provider.issuer}/bills"
    provider.api_at(api)
    registered = provider.client(
        grant_types=("authorization_code", "refresh_token", TOKEN_EXCHANGE), resources=(api,)
    )
    client = with_secret(provider, registered)
    token = client.token_exchange(
        subject_token=provider.grant_id,
        subject_token_type=GRANT_HANDLE,
        actor_token=signed_in(client, guest).access_token,
        actor_token_type=ACCESS_TOKEN,
        resource=api,
    )
    told = client.introspect_token(token.access_token)
    assert (told["sub"], told["act"]) == (MARIA, {"sub": JOAO})


def test_a_kiosk_waits_for_somebody_to_let_it_in(
    provider: Provider, guest: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered = provider.client(
        token_endpoint_auth_method="none", grant_types=(DEVICE_CODE, "refresh_token")
    )
    client = made(provider, PublicApp(registered.client_id))
    begun = client.authorize_device(scope="openid grants")
    monkeypatch.setattr(
        DeviceAuthorizationPollingJob,
        "sleep",  # what happens while it waits
        lambda _job: guest.open(begun.verification_uri_complete),
    )
    token = DeviceAuthorizationPollingJob(client, begun)()
    assert token is not None
    assert client.userinfo(token)["sub"] == JOAO


def test_a_device_that_nobody_looks_at_goes_on_waiting(provider: Provider) -> None:
    registered = provider.client(token_endpoint_auth_method="none", grant_types=(DEVICE_CODE,))
    client = made(provider, PublicApp(registered.client_id))
    begun = client.authorize_device(scope="openid")
    with pytest.raises(AuthorizationPending):
        client.device_code(begun)
    with pytest.raises(SlowDown):
        client.device_code(begun)


def test_a_call_centre_waits_for_the_person_on_the_telephone(
    provider: Provider, guest: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered = provider.client(
        grant_types=(CIBA, "refresh_token"), backchannel_token_delivery_mode="poll"
    )
    client = with_secret(provider, registered)
    begun = client.backchannel_authentication_request(
        scope="openid grants", login_hint=JOAO, binding_message="4711"
    )
    monkeypatch.setattr(
        BackChannelAuthenticationPollingJob,
        "sleep",
        lambda _job: guest.open(provider.newest_approval()),
    )
    token = BackChannelAuthenticationPollingJob(client, begun)()
    assert token is not None
    assert token.id_token is not None
    assert token.id_token.sub == JOAO
