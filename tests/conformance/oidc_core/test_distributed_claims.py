"""OpenID Connect Core 1.0, section 5.6.2: grants that are too many for a token."""

from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet

from idp import clock
from idp.extensions import db
from idp.grants import services
from tests.browsing import sign_in_as
from tests.conformance.conftest import World
from tests.factories.accounts import MARIA, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import a_client
from tests.factories.registry import holdings
from tests.oauth import flow

MANY = 51
SCOPE = "openid grants offline_access"


def source_of(claims: dict[str, Any]) -> dict[str, str]:
    """Where the grants are to be had."""
    assert "grants" not in claims
    name = claims["_claim_names"]["grants"]
    return dict(claims["_claim_sources"][name])


def asked(world: World, source: dict[str, str]) -> dict[str, Any]:
    """What is told there."""
    assert source["endpoint"].startswith(flow.ISSUER)
    path = source["endpoint"].removeprefix(flow.ISSUER)
    headers = {"Authorization": f"Bearer {source['access_token']}"}
    answer = world.browser.get(path, headers=headers)
    assert (answer.status_code, answer.content_type) == (200, "application/jwt")
    assert "no-store" in answer.headers["Cache-Control"]
    jwks = KeySet.import_key_set(world.browser.get("/oauth/jwks").get_json())
    return dict(jwt.decode(answer.text, jwks, ["RS256"]).claims)


def codes(claims: dict[str, Any]) -> list[str]:
    return sorted(code for each in claims["grants"] for code in each["installations"])


def test_5_6_2_what_fits_is_told_at_once(world: World) -> None:
    holdings(world.account.tax_id, MANY - 1)
    answer = flow.tokens_for(world.browser, world.trusted, scope=SCOPE)
    assert len(codes(flow.claims_of(answer["id_token"]))) == MANY - 1
    info = flow.userinfo(world.browser, answer["access_token"]).get_json()
    assert len(codes(info)) == MANY - 1


def test_5_6_2_what_doesnt_fit_has_a_source_that_tells_all_of_it(world: World) -> None:
    owned = holdings(world.account.tax_id, MANY + 400)
    answer = flow.tokens_for(world.browser, world.trusted, scope=SCOPE)
    info = flow.userinfo(world.browser, answer["access_token"]).get_json()
    for claims in (flow.claims_of(answer["id_token"]), info):
        told = asked(world, source_of(claims))
        assert codes(told) == sorted(each.code for each in owned)
        assert told["sub"] == claims["sub"] == MARIA
        assert (told["iss"], told["aud"]) == (flow.ISSUER, world.trusted.client_id)


def test_5_6_2_it_switches_by_bytes_too(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    holdings(world.account.tax_id, 5)
    monkeypatch.setitem(app.config, "INLINE_BYTES", 100)
    answer = flow.tokens_for(world.browser, world.trusted, scope=SCOPE)
    assert len(codes(asked(world, source_of(flow.claims_of(answer["id_token"]))))) == 5


def test_5_6_2_the_source_is_live(world: World) -> None:
    """A grant that ended is not told, whatever stood there when the token was made."""
    guest = joao()
    grant = a_grant(world.account, guest, holdings(world.account.tax_id, MANY))
    sign_in_as(world.browser, guest)
    answer = flow.tokens_for(world.browser, world.trusted, scope=SCOPE)
    source = source_of(flow.claims_of(answer["id_token"]))
    assert len(codes(asked(world, source))) == MANY
    services.revoke(grant, by=world.account.actor, at=clock.now())
    db.session.commit()
    assert codes(asked(world, source)) == []


def test_5_6_2_the_sources_token_opens_nothing_else(world: World) -> None:
    holdings(world.account.tax_id, MANY)
    answer = flow.tokens_for(world.browser, world.trusted, scope=SCOPE)
    token = source_of(flow.claims_of(answer["id_token"]))["access_token"]
    claims = flow.claims_of(token)
    assert (claims["aud"], claims["scope"]) == (flow.ISSUER, "grants")
    assert claims["exp"] - claims["iat"] <= 120
    assert flow.userinfo(world.browser, token).status_code == 403


def test_5_6_2_the_source_is_closed_to_everything_else(world: World) -> None:
    holdings(world.account.tax_id, MANY)
    answer = flow.tokens_for(world.browser, world.trusted, scope=SCOPE)
    without = flow.tokens_for(world.browser, world.trusted, scope="openid")
    own = flow.ask_token(world.browser, world.other, grant_type="client_credentials").get_json()
    source = source_of(flow.claims_of(answer["id_token"]))["access_token"]
    for token, status in (
        ("", 401),
        ("x", 401),
        (answer["id_token"], 401),
        (own["access_token"], 401),
        (without["access_token"], 403),
        (source, 200),
    ):
        headers = {"Authorization": f"Bearer {token}"}
        assert world.browser.get("/oauth/claims", headers=headers).status_code == status
    assert world.browser.get(f"/oauth/claims?access_token={source}").status_code == 401
    flow.refresh(world.browser, world.trusted, answer["refresh_token"])
    flow.refresh(world.browser, world.trusted, answer["refresh_token"])  # ends the authorization
    headers = {"Authorization": f"Bearer {source}"}
    assert world.browser.get("/oauth/claims", headers=headers).status_code == 401


def test_5_6_2_a_pairwise_application_reads_its_own_names_there(world: World) -> None:
    partner = a_client(
        first_party=True, subject_type="pairwise", scope="openid grants", resources=()
    )
    holdings(world.account.tax_id, MANY)
    answer = flow.tokens_for(world.browser, partner, scope="openid grants")
    identity = flow.claims_of(answer["id_token"])
    told = asked(world, source_of(identity))
    assert told["sub"] == identity["sub"] != MARIA
    assert {each["holder"] for each in told["grants"]} == {identity["sub"]}


def test_5_6_it_is_announced(world: World) -> None:
    document = world.browser.get("/.well-known/openid-configuration").get_json()
    assert document["claim_types_supported"] == ["normal", "distributed"]
