"""RFC 9101, JWT-Secured Authorization Requests, and OpenID Connect Core section 6."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from idp import clock
from idp.extensions import db
from idp.oauth.clients import RegisteredClient
from tests.conformance.conftest import World
from tests.oauth import flow, pushing, signing


@pytest.fixture
def signer(world: World) -> RegisteredClient:
    """A trusted application with a registered key."""
    return signing.a_signing_client()


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def test_4_the_request_is_what_stands_in_the_object(world: World, signer: RegisteredClient) -> None:
    text = signing.signed(signer, scope="openid email", state="of the object", max_age=9999)
    answer = flow.answered(signing.bring(world.browser, signer, text))
    assert answer["state"] == "of the object"
    tokens = flow.exchange(world.browser, signer, answer["code"]).get_json()
    assert tokens["scope"] == "openid email"


def test_4_structured_parameters_are_json_in_it(world: World, signer: RegisteredClient) -> None:
    claims = {"userinfo": {"email": None}}
    text = signing.signed(signer, claims=claims)
    assert "code" in flow.answered(signing.bring(world.browser, signer, text))


@pytest.mark.parametrize("name", ["request", "request_uri"])
def test_4_an_object_holds_no_other(world: World, signer: RegisteredClient, name: str) -> None:
    text = signing.signed(signer, **{name: "https://app.example/object"})
    refused = signing.bring(world.browser, signer, text)
    assert signing.error_of(refused) == "invalid_request_object"


def test_5_client_id_stands_outside_too_and_is_the_same(
    world: World, signer: RegisteredClient
) -> None:
    text = signing.signed(signer)
    missing = world.browser.get("/oauth/authorize", query_string={"request": text})
    assert signing.error_of(missing) == "invalid_client"
    other = signing.bring(world.browser, world.trusted, text)
    assert signing.error_of(other) == "invalid_request_object"
    within = signing.signed(signer, client_id=world.trusted.client_id)
    refused = signing.bring(world.browser, signer, within)
    assert signing.error_of(refused) == "invalid_request_object"


def test_5_request_and_request_uri_exclude_each_other(
    world: World, signer: RegisteredClient
) -> None:
    text = signing.signed(signer)
    both = signing.bring(world.browser, signer, text, request_uri="https://app.example/object")
    assert signing.error_of(both) == "invalid_request"


def test_6_1_an_object_that_is_not_readable_is_refused(
    world: World, signer: RegisteredClient
) -> None:
    good = signing.signed(signer)
    header, payload, signature = good.split(".")
    encrypted = f"{header}.{payload}.{signature}.{payload}.{signature}"
    for text in ("x", "..", "a.b.c", f"{header}.{payload}", encrypted, f"{good}x", "é.é.é"):
        refused = signing.bring(world.browser, signer, text)
        assert signing.error_of(refused) == "invalid_request_object", text


def test_6_2_the_signature_is_checked(world: World, signer: RegisteredClient) -> None:
    header, _payload, signature = signing.signed(signer).split(".")
    other = signing.signed(signer, scope="openid email").split(".")[1]
    refused = signing.bring(world.browser, signer, f"{header}.{other}.{signature}")
    assert signing.error_of(refused) == "invalid_request_object"


def test_6_2_without_kid_any_key_of_the_client_may_have_signed(
    world: World, signer: RegisteredClient
) -> None:
    text = signing.signed(signer, header={"kid": None})
    assert "code" in flow.answered(signing.bring(world.browser, signer, text))


def test_6_2_the_algorithm_is_the_registered_one(world: World) -> None:
    registered = signing.a_signing_client(request_object_signing_alg="PS256")
    refused = signing.bring(world.browser, registered, signing.signed(registered))
    assert signing.error_of(refused) == "invalid_request_object"
    named = signing.a_signing_client(request_object_signing_alg="ES256")
    assert "code" in flow.answered(signing.bring(world.browser, named, signing.signed(named)))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"},
        {"aud": "https://other.example"},
        {"aud": ["https://other.example"]},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": True},
        {"nbf": 9_999_999_999},
        {"iat": 9_999_999_999},
        {"sub": "the client"},
    ],
)
def test_6_2_the_claims_about_it_are_checked(
    world: World, signer: RegisteredClient, change: dict[str, Any]
) -> None:
    if change.get("sub"):  # section 10.8: else a client's assertion would do as a request
        change = {"sub": signer.client_id}
    refused = signing.bring(world.browser, signer, signing.signed(signer, **change))
    assert signing.error_of(refused) == "invalid_request_object"


@pytest.mark.parametrize("left_out", ["iss", "aud", "exp", "nbf"])
def test_4_it_need_not_say_whose_it_is_for_whom_and_until_when(
    world: World, signer: RegisteredClient, left_out: str
) -> None:
    text = signing.signed(signer, **{left_out: None})
    assert "code" in flow.answered(signing.bring(world.browser, signer, text))


def test_6_2_we_may_be_one_of_several_it_is_meant_for(
    world: World, signer: RegisteredClient
) -> None:
    text = signing.signed(signer, aud=["https://other.example", flow.ISSUER])
    assert "code" in flow.answered(signing.bring(world.browser, signer, text))


def test_6_3_what_stands_outside_does_not_count(world: World, signer: RegisteredClient) -> None:
    text = signing.signed(signer, state=None)
    outside = {"scope": "openid email", "state": "evil", "prompt": "none", "nonce": "evil"}
    answer = flow.answered(signing.bring(world.browser, signer, text, **outside))
    assert "state" not in answer
    tokens = flow.exchange(world.browser, signer, answer["code"]).get_json()
    assert tokens["scope"] == "openid"
    assert flow.claims_of(tokens["id_token"])["nonce"] == "a nonce"


def test_6_3_it_is_validated_as_every_request(world: World, signer: RegisteredClient) -> None:
    refused = signing.bring(world.browser, signer, signing.signed(signer, scope="nothing"))
    assert signing.error_of(refused) == "invalid_scope"
    elsewhere = signing.signed(signer, redirect_uri="https://evil.example/")
    refused = signing.bring(world.browser, signer, elsewhere)
    assert (refused.status_code, signing.error_of(refused)) == (400, "invalid_request")


def test_7_errors_go_back_to_where_the_client_is_known_to_be(
    world: World, signer: RegisteredClient
) -> None:
    outside = {"redirect_uri": "https://app.example/callback", "state": "outside"}
    answer = flow.answered(signing.bring(world.browser, signer, "x", **outside))
    assert answer["error"] == "invalid_request_object"
    assert (answer["state"], answer["iss"]) == ("outside", flow.ISSUER)


def test_10_5_a_client_may_be_held_to_signing(world: World) -> None:
    held = signing.a_signing_client(require_signed_request_object=True)
    refused = flow.answered(flow.authorize(world.browser, held))
    assert refused["error"] == "invalid_request"
    assert pushing.push(world.browser, held).get_json()["error"] == "invalid_request"
    text = signing.signed(held)
    assert "code" in flow.answered(signing.bring(world.browser, held, text))


@pytest.mark.parametrize("kind", ["JWT", "application/oauth-authz-req+jwt", None])
def test_10_8_a_type_that_says_so_or_says_nothing_is_taken(
    world: World, signer: RegisteredClient, kind: str | None
) -> None:
    text = signing.signed(signer, header={"typ": kind})
    assert "code" in flow.answered(signing.bring(world.browser, signer, text))


@pytest.mark.parametrize("kind", ["dpop+jwt", "at+jwt", "logout+jwt", ""])
def test_10_8_a_jwt_of_another_type_is_no_request(
    world: World, signer: RegisteredClient, kind: str
) -> None:
    text = signing.signed(signer, header={"typ": kind})
    refused = signing.bring(world.browser, signer, text)
    assert signing.error_of(refused) == "invalid_request_object"


def test_rfc_9126_section_3_an_object_may_be_pushed(world: World, signer: RegisteredClient) -> None:
    form = {"request": signing.signed(signer, scope="openid email"), "scope": "openid phone"}
    name = pushing.name_of(pushing.send(world.browser, signer, form))
    answer = flow.answered(world.browser.get(pushing.address_of(signer, name)))
    tokens = flow.exchange(world.browser, signer, answer["code"]).get_json()
    assert tokens["scope"] == "openid email"
    bad = pushing.send(world.browser, signer, {"request": "x"})
    assert (bad.status_code, bad.get_json()["error"]) == (400, "invalid_request_object")


def test_core_6_1_only_a_client_registered_for_it_leaves_its_object_unsigned(
    world: World, signer: RegisteredClient
) -> None:
    refused = signing.bring(world.browser, signer, unsigned(signing.claims_for(signer)))
    assert signing.error_of(refused) == "invalid_request_object"
    plain = signing.a_signing_client(request_object_signing_alg="none")
    claims = {**flow.request_for(plain), "state": "unsigned"}
    answer = flow.answered(signing.bring(world.browser, plain, unsigned(claims)))
    assert answer["state"] == "unsigned"
    other = signing.bring(world.browser, plain, signing.signed(plain))
    assert signing.error_of(other) == "invalid_request_object"


def test_core_6_2_a_reference_has_to_be_registered(world: World, signer: RegisteredClient) -> None:
    query = {"client_id": signer.client_id, "request_uri": "https://app.example/object"}
    refused = world.browser.get("/oauth/authorize", query_string=query)
    assert signing.error_of(refused) == "invalid_request_uri"


def test_an_object_of_any_size_leaves_the_address_short(
    world: World, signer: RegisteredClient
) -> None:
    world.session.ended_at = clock.now()
    db.session.commit()
    text = signing.signed(signer, state="x" * 20_000)
    form = {"client_id": signer.client_id, "request": text}
    sent = world.browser.post("/oauth/authorize", data=form)
    assert len(sent.headers["Location"]) < 300
    login = world.browser.get(sent.headers["Location"])
    following = parse_qs(urlsplit(login.headers["Location"]).query)["next"][0]
    assert urlsplit(following).path == "/oauth/authorize"
    assert len(following) < 500


def test_the_metadata_says_so(world: World) -> None:
    metadata = world.browser.get("/.well-known/openid-configuration").get_json()
    assert metadata["request_parameter_supported"] is True
    assert metadata["request_uri_parameter_supported"] is True
    assert metadata["require_request_uri_registration"] is True
    assert "ES256" in metadata["request_object_signing_alg_values_supported"]
