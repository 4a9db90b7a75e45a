"""OpenID Connect Back-Channel Logout 1.0; how the worker goes about it, in tests/oauth/logout."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet

from idp import clock
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.logout import outbox, sending
from idp.oauth.logout.rules import Outcome
from tests import browsing
from tests.conformance.conftest import World
from tests.oauth import flow
from tests.oauth.logout.hearing import a_hearer, local, noticed, tokens_of
from tests.outbound import servers
from tests.outbound.servers import Host

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def receiver(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """An application's own server."""
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOWED", ("127.0.0.0/8",))
    with servers.running(servers.saying(b""), None) as host:
        yield host


def sign_out(world: World) -> None:
    browsing.post(world.browser, "/sign-out", form_path="/account")


def tell(app: Flask) -> list[int | None]:
    """Ask everybody whose turn it is, as a worker does; the statuses of their answers."""
    return [sending.ask(app, each) for each in outbox.take(100, at=clock.now())]


def told(world: World, app: Flask, host: Host, **metadata: Any) -> tuple[RegisteredClient, str]:
    """An application, and the logout token that it got after a sign-out."""
    client = a_hearer(local(host), **metadata)
    flow.tokens_for(world.browser, client)
    sign_out(world)
    assert tell(app) == [200]
    return client, tokens_of(host)[-1]


def test_2_1_the_metadata_says_that_it_is_supported(world: World) -> None:
    document = world.browser.get("/.well-known/openid-configuration").get_json()
    assert document["backchannel_logout_supported"] is True
    assert document["backchannel_logout_session_supported"] is True


def test_2_1_sid_is_in_the_id_token_of_who_supports_sessions(world: World) -> None:
    claims = flow.claims_of(flow.tokens_for(world.browser, world.trusted)["id_token"])
    assert claims["sid"] == world.session.public_id


@pytest.mark.parametrize("uri", ["https://app.example/out#fragment", "/out", "http://app.example/"])
def test_2_2_the_address_is_absolute_secure_and_has_no_fragment(world: World, uri: str) -> None:
    with pytest.raises(InvalidClientMetadata):
        a_hearer(uri)


def test_2_2_an_address_may_have_a_query(world: World, app: Flask, receiver: Host) -> None:
    flow.tokens_for(world.browser, a_hearer(f"{local(receiver)}?tenant=1"))
    sign_out(world)
    tell(app)
    assert receiver.asked[0][1] == "/signed-out?tenant=1"


def test_2_3_those_who_were_let_in_are_remembered_and_nobody_else(world: World) -> None:
    visited, _stranger = a_hearer(), a_hearer()
    flow.tokens_for(world.browser, visited)
    sign_out(world)
    assert [each[0] for each in noticed()] == [visited.client_id]


def test_2_4_the_logout_token_has_every_claim_and_no_nonce(
    world: World, app: Flask, receiver: Host
) -> None:
    client, token = told(world, app, receiver, backchannel_logout_session_required=True)
    claims = flow.claims_of(token)
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "jti", "events", "sid"}
    assert claims["iss"] == flow.ISSUER
    assert claims["aud"] == client.client_id
    assert (claims["sub"], claims["sid"]) == (str(world.account.tax_id), world.session.public_id)
    assert claims["events"] == {EVENT: {}}
    assert 0 < claims["exp"] - claims["iat"] <= 120
    assert "nonce" not in claims


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_2_4_it_is_typed_and_signed_like_the_id_token_and_never_by_none(
    world: World, app: Flask, receiver: Host, algorithm: str
) -> None:
    _client, token = told(world, app, receiver, id_token_signed_response_alg=algorithm)
    header = flow.header_of(token)
    assert (header["typ"], header["alg"]) == ("logout+jwt", algorithm)
    keys = KeySet.import_key_set(world.browser.get("/oauth/jwks").get_json())
    assert jwt.decode(token, keys, algorithms=[algorithm]).claims["events"] == {EVENT: {}}


def test_2_4_it_is_encrypted_for_whom_id_tokens_are(
    world: World, app: Flask, receiver: Host
) -> None:
    key = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES", "kid": "1"})
    _client, token = told(
        world,
        app,
        receiver,
        jwks={"keys": [key.as_dict(private=False)]},
        id_token_encrypted_response_alg="ECDH-ES",
        id_token_encrypted_response_enc="A256GCM",
    )
    inner = jwe.decrypt_compact(token, key, ["ECDH-ES", "A256GCM"]).plaintext
    assert inner is not None
    assert flow.header_of(inner.decode())["typ"] == "logout+jwt"


def test_2_4_every_token_has_an_identifier_of_its_own(
    world: World, app: Flask, receiver: Host
) -> None:
    flow.tokens_for(world.browser, a_hearer(local(receiver)))
    flow.tokens_for(world.browser, a_hearer(local(receiver)))
    sign_out(world)
    tell(app)
    assert len({flow.claims_of(token)["jti"] for token in tokens_of(receiver)}) == 2


def test_2_5_the_token_is_posted_as_a_form_with_nothing_else(
    world: World, app: Flask, receiver: Host
) -> None:
    told(world, app, receiver)
    ((method, _path, headers),) = receiver.asked
    assert method == "POST"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert set(parse_qs(receiver.bodies[0].decode())) == {"logout_token"}
    assert not {"Cookie", "Authorization"} & set(headers)


def test_2_7_tokens_without_offline_access_end_and_those_with_it_stay(world: World) -> None:
    client = a_hearer()
    passing = flow.tokens_for(world.browser, client, scope="openid")
    lasting = flow.tokens_for(world.browser, client, scope="openid offline_access")
    sign_out(world)
    assert flow.refresh(world.browser, client, passing["refresh_token"]).status_code == 400
    assert flow.refresh(world.browser, client, lasting["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, Outcome.TOLD), (204, Outcome.TOLD), (400, Outcome.GIVEN_UP), (503, Outcome.POSTPONED)],
)
def test_2_8_200_and_204_are_a_success_400_is_final_and_the_rest_is_tried_again(
    world: World, app: Flask, receiver: Host, status: int, outcome: Outcome
) -> None:
    receiver.behave = servers.saying(b"", status)
    flow.tokens_for(world.browser, a_hearer(local(receiver)))
    sign_out(world)
    (tried,) = outbox.take(1, at=clock.now())
    assert outbox.settle(tried, sending.ask(app, tried), at=clock.now()) is outcome


def test_4_1_a_logout_token_is_neither_an_id_token_nor_an_access_token_to_us(
    world: World, app: Flask, receiver: Host
) -> None:
    _client, token = told(world, app, receiver)
    browser = world.browser
    assert flow.userinfo(browser, token).status_code == 401
    assert flow.introspect(browser, world.api, token) == {"active": False}
    silent = flow.authorize(browser, world.trusted, prompt="none", id_token_hint=token)
    assert flow.answered(silent)["error"] in {"login_required", "invalid_request"}
    session = browsing.sign_in_as(browser, world.account)
    asked = browser.get("/oauth/logout", query_string={"id_token_hint": token})
    assert 'id="logout-confirm"' in asked.text
    assert session.ended_at is None
