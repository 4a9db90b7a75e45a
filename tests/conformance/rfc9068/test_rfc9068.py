"""RFC 9068, JWT Profile for OAuth 2.0 Access Tokens."""

from joserfc import jwt
from joserfc.jwk import KeySet

from idp.oauth import keys
from tests.conformance.conftest import World
from tests.factories.accounts import MARIA
from tests.oauth import flow


def test_2_1_the_header_says_what_it_is_and_is_signed(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    header = flow.header_of(token)
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert header["kid"]


def test_2_2_every_required_claim_is_there(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    claims = flow.claims_of(token)
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= set(claims)
    assert claims["iss"] == flow.ISSUER
    assert claims["sub"] == MARIA
    assert isinstance(claims["aud"], str)


def test_2_2_1_the_sign_in_is_described(world: World) -> None:
    claims = flow.claims_of(flow.tokens_for(world.browser, world.trusted)["access_token"])
    assert claims["acr"] == "urn:outorga:aal1"
    assert claims["amr"] == ["pwd"]
    assert claims["auth_time"] == int(world.session.authenticated_at.timestamp())
    assert claims["sid"] == world.session.public_id


def test_2_2_3_the_scope_is_in_the_token(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted, scope="openid email")["access_token"]
    assert flow.claims_of(token)["scope"] == "openid email"


def test_3_without_a_resource_the_default_one_is_the_audience(world: World) -> None:
    assert (
        flow.claims_of(flow.tokens_for(world.browser, world.trusted)["access_token"])["aud"]
        == "https://api.example"
    )
    assert (
        flow.claims_of(flow.tokens_for(world.browser, world.other)["access_token"])["aud"]
        == flow.ISSUER
    )


def test_5_a_clients_subject_can_never_be_a_persons(world: World) -> None:
    answer = flow.ask_token(world.browser, world.trusted, grant_type="client_credentials")
    claims = flow.claims_of(answer.get_json()["access_token"])
    assert claims["sub"] == claims["client_id"] == world.trusted.client_id
    assert ":" not in claims["sub"]
    assert ":" in MARIA


def test_6_every_token_has_an_id_of_its_own(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted)
    again = flow.refresh(world.browser, world.trusted, answer["refresh_token"]).get_json()
    first, second = (flow.claims_of(each["access_token"])["jti"] for each in (answer, again))
    assert first != second
    assert first.partition(".")[0] == second.partition(".")[0]


def test_2_1_the_access_token_is_always_signed_and_by_a_published_key(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    jwks = KeySet.import_key_set(world.browser.get("/oauth/jwks").get_json())
    read = jwt.decode(token, jwks, ["ES256"])
    assert read.header == {"typ": "at+jwt", "alg": "ES256", "kid": flow.header_of(token)["kid"]}


def test_4_a_token_of_another_type_is_rejected(world: World) -> None:
    claims = flow.claims_of(flow.tokens_for(world.browser, world.trusted)["access_token"])
    for kind in ("JWT", "jwt", "AT+JWT", "application/at+jwt", ""):
        token = keys.sign(claims, algorithm="ES256", kind=kind)
        assert flow.userinfo(world.browser, token).status_code == 401, kind


def test_4_issuer_audience_and_expiry_are_compared(world: World) -> None:
    """Of an API of ours, UserInfo aside: that is for the token of any audience."""
    claims = flow.claims_of(flow.tokens_for(world.browser, world.trusted)["access_token"])
    for change in ({"iss": f"{flow.ISSUER}/"}, {"exp": claims["iat"] - 1}):
        token = keys.sign({**claims, **change}, algorithm="ES256", kind="at+jwt")
        assert flow.userinfo(world.browser, token).status_code == 401, change
    headers = {"Authorization": f"Bearer {keys.sign(claims, algorithm='ES256', kind='at+jwt')}"}
    refused = world.browser.post("/api/v1/grants/g_x/uses", json={}, headers=headers)
    assert refused.status_code == 401, "its audience is another API"
