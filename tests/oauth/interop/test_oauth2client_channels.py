"""requests-oauth2client at a kiosk, on the telephone, and for a holder."""

import pytest
from requests_oauth2client import (
    AuthorizationPending,
    BackChannelAuthenticationPollingJob,
    DeviceAuthorizationPollingJob,
    PublicApp,
    SlowDown,
)

from tests.factories.accounts import JOAO, MARIA
from tests.factories.exchange import ACCESS_TOKEN, GRANT_HANDLE, TOKEN_EXCHANGE
from tests.oauth.approvals.asking import CIBA, DEVICE_CODE
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.oauth2client import made, signed_in, with_secret
from tests.oauth.interop.person import Person


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
