"""Whatever is sent to an endpoint that machines ask, it is served or refused by a standard code."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests.factories.exchange import API, ORDINARY, TOKEN_EXCHANGE, a_delegation, exchange_form
from tests.factories.oauth import REDIRECT_URI, a_client, a_public_client
from tests.oauth import flow, hostility, standards
from tests.oauth.approvals.asking import CIBA, DEVICE_CODE
from tests.oauth.hostility import changes_of, merged, often, post, values
from tests.oauth.standards import assert_answered

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass
class World:
    """Applications of each kind, and what one of them was given."""

    browser: FlaskClient
    application: RegisteredClient  # of every grant type
    public: RegisteredClient
    tokens: dict[str, Any]
    forms: dict[str, dict[str, str]]  # a good one for each grant type

    def as_client(self, headers: dict[str, str]) -> dict[str, str]:
        """With the credentials of the application that may do everything."""
        return {**flow.basic(self.application), **headers}

    def answers(
        self, path: str, form: dict[str, list[str]], headers: dict[str, str]
    ) -> list[TestResponse]:
        """To that application, and to nobody in particular."""
        known = self.as_client(headers)
        return [post(self.browser, path, form, shown) for shown in (known, headers)]


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = a_delegation(app.test_client())
    kinds = (*ORDINARY, TOKEN_EXCHANGE, DEVICE_CODE, CIBA)
    scope = "openid profile email grants offline_access bills:read"
    application = a_client(
        first_party=True,
        grant_types=kinds,
        resources=(API,),
        scope=scope,
        backchannel_token_delivery_mode="poll",
    )
    tokens = flow.tokens_for(made.browser, application, scope=scope)
    exchanged = exchange_form(made.grant.public_id, actor_token=tokens["access_token"])
    yield World(
        browser=app.test_client(),
        application=application,
        public=a_public_client(),
        tokens=tokens,
        forms={
            "code": {"grant_type": "authorization_code", "code": "x", "redirect_uri": REDIRECT_URI},
            "refresh": {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]},
            "client": {"grant_type": "client_credentials"},
            "exchange": exchanged,
            "device": {"grant_type": DEVICE_CODE, "device_code": "x"},
            "call": {"grant_type": CIBA, "auth_req_id": "x"},
            "assertion": {"grant_type": JWT_BEARER, "assertion": "e30.e30.e30"},
            "password": {"grant_type": "password", "username": "x", "password": "x"},
        },
    )


KINDS = st.sampled_from(
    ["code", "refresh", "client", "exchange", "device", "call", "assertion", "password"]
)


@often
@given(kind=KINDS, extra=changes_of(*hostility.TOKEN), headers=hostility.headers)
def test_the_token_endpoint(
    world: World, kind: str, extra: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    form = merged(world.forms[kind], extra)
    public = {"client_id": world.public.client_id, **form}
    for answer in (
        post(world.browser, "/oauth/token", form, world.as_client(headers)),
        post(world.browser, "/oauth/token", form, headers),
        post(world.browser, "/oauth/token", public, headers),
    ):
        assert_answered(answer, *standards.TOKEN, sent=hostility.sent_in(extra, headers))
        assert answer.headers["Cache-Control"] == "no-store"


@often
@given(extra=changes_of(*hostility.REQUEST, *hostility.CLIENT), headers=hostility.headers)
def test_the_endpoint_of_pushed_requests(
    world: World, extra: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    form = merged(flow.request_for(world.application), extra)
    for answer in world.answers("/oauth/par", form, headers):
        assert_answered(answer, *standards.PUSHED, sent=hostility.sent_in(extra, headers))
        assert answer.headers["Cache-Control"] == "no-store"


@often
@given(extra=changes_of(*hostility.ASKED, *hostility.CLIENT), headers=hostility.headers)
def test_the_device_endpoint(
    world: World, extra: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    form = merged({"scope": "openid"}, extra)
    for answer in world.answers("/oauth/device", form, headers):
        assert_answered(answer, *standards.DEVICE, sent=hostility.sent_in(extra, headers))


@often
@given(extra=changes_of(*hostility.CALL), headers=hostility.headers)
def test_the_backchannel_endpoint(
    world: World, extra: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    form = merged({"scope": "openid", "login_hint": "maria@example.com"}, extra)
    for answer in world.answers("/oauth/backchannel-authentication", form, headers):
        assert_answered(answer, *standards.CALL, sent=hostility.sent_in(extra, headers))


@often
@given(extra=changes_of(*hostility.SHOWN), headers=hostility.headers)
def test_introspection_and_revocation(
    world: World, extra: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    form = merged({"token": world.tokens["access_token"]}, extra)
    for path in ("/oauth/introspect", "/oauth/revoke"):
        for answer in world.answers(path, form, headers):
            assert_answered(answer, *standards.CLIENT, sent=hostility.sent_in(extra, headers))


@often
@given(token=values, extra=changes_of(*hostility.ASKED), headers=hostility.headers)
def test_who_shows_a_token(
    world: World, token: str, extra: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    for scheme in ("Bearer", "DPoP"):
        shown = {"Authorization": f"{scheme} {hostility.sendable(token)}", **headers}
        for path in ("/oauth/userinfo", "/oauth/claims"):
            answer = world.browser.get(path, headers=shown)
            assert answer.status_code in (400, 401)
            assert_answered(answer, *standards.BEARER, sent=[token, *headers.values()])
    form = merged({"access_token": token}, extra)
    posted = post(world.browser, "/oauth/userinfo", form, headers)
    assert_answered(posted, *standards.BEARER, sent=hostility.sent_in(extra, headers))
