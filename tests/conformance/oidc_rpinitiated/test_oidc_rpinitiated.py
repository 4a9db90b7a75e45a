"""OpenID Connect RP-Initiated Logout 1.0; more of it in tests/oauth."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import clients, keys
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidRedirectUri
from tests.browsing import sign_in_as, sign_out
from tests.conformance.conftest import World
from tests.factories.accounts import joao
from tests.factories.oauth import a_client
from tests.oauth import flow
from tests.oauth.logout.hearing import a_hearer, noticed

BYE = "https://app.example/bye"


def hint_for(world: World, client: RegisteredClient | None = None) -> str:
    return str(flow.tokens_for(world.browser, client or world.trusted)["id_token"])


def log_out(world: World, **query: Any) -> TestResponse:
    return world.browser.get("/oauth/logout", query_string=query)


def is_signed_in(world: World) -> bool:
    return world.browser.get("/account").status_code == 200


def is_asked(page: TestResponse) -> bool:
    return page.status_code == 200 and 'id="logout-confirm"' in page.text


def expired(world: World, **changes: Any) -> str:
    """An ID Token whose time was over an hour ago."""
    an_hour_ago = int((clock.now() - timedelta(hours=1)).timestamp())
    claims = flow.claims_of(hint_for(world))
    said = {**claims, "iat": an_hour_ago - 300, "exp": an_hour_ago, **changes}
    return keys.sign(said, algorithm="ES256", kind="JWT")


def test_2_a_hint_of_the_session_signs_out_and_the_state_comes_back(world: World) -> None:
    out = log_out(
        world, id_token_hint=hint_for(world), post_logout_redirect_uri=BYE, state="a state"
    )
    assert out.headers["Location"] == f"{BYE}?state=a+state"
    assert not is_signed_in(world)


def test_2_get_and_post_are_served(world: World) -> None:
    hint = hint_for(world)
    form = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "1"}
    sent = world.browser.post("/oauth/logout", data=form)
    out = world.browser.get(sent.headers["Location"])
    assert out.headers["Location"] == f"{BYE}?state=1"


def test_2_without_a_hint_the_person_is_asked(world: World) -> None:
    assert is_asked(log_out(world))
    assert is_asked(log_out(world, client_id=world.trusted.client_id))
    assert is_signed_in(world)


def test_2_who_says_yes_is_signed_out_and_who_says_no_is_not(world: World) -> None:
    flow.agree(world.browser, log_out(world), "cancel")
    assert is_signed_in(world)
    flow.agree(world.browser, log_out(world), "confirm")
    assert not is_signed_in(world)


def test_2_a_client_that_is_not_the_hints_is_refused(world: World) -> None:
    refused = log_out(
        world,
        id_token_hint=hint_for(world),
        client_id=world.other.client_id,
        post_logout_redirect_uri=BYE,
    )
    assert refused.status_code == 400
    assert 'id="error-code">invalid_request<' in refused.text
    assert is_signed_in(world)


def test_2_a_client_that_is_the_hints_changes_nothing(world: World) -> None:
    out = log_out(
        world,
        id_token_hint=hint_for(world),
        client_id=world.trusted.client_id,
        post_logout_redirect_uri=BYE,
    )
    assert out.headers["Location"] == BYE


def test_2_only_a_hint_that_we_issued_counts(world: World) -> None:
    hint = hint_for(world)
    for foreign in (hint[:-4] + "AAAA", "e30.e30.", "nonsense"):
        assert is_asked(log_out(world, id_token_hint=foreign, post_logout_redirect_uri=BYE))
    assert is_signed_in(world)


def test_2_a_hint_that_has_expired_still_counts(world: World) -> None:
    out = log_out(world, id_token_hint=expired(world), post_logout_redirect_uri=BYE)
    assert out.headers["Location"] == BYE
    assert not is_signed_in(world)


def test_2_a_hint_of_a_recent_session_asks_before_the_present_one_ends(world: World) -> None:
    hint = hint_for(world)
    sign_in_as(world.browser, world.account)
    assert is_asked(log_out(world, id_token_hint=hint, post_logout_redirect_uri=BYE))


def test_2_a_hint_of_another_person_asks(world: World) -> None:
    hint = hint_for(world)
    sign_in_as(world.browser, joao())
    assert is_asked(log_out(world, id_token_hint=hint))


def test_2_it_is_no_error_that_nobody_is_signed_in(world: World) -> None:
    hint = hint_for(world)
    sign_out(world.browser)
    out = log_out(world, id_token_hint=hint, post_logout_redirect_uri=BYE, state="1")
    assert out.headers["Location"] == f"{BYE}?state=1"
    again = log_out(world, id_token_hint=hint, post_logout_redirect_uri=BYE, state="1")
    assert again.headers["Location"] == f"{BYE}?state=1"


def test_2_the_application_that_asks_is_told_with_the_others(world: World) -> None:
    asking, other = a_hearer(), a_hearer()
    flow.tokens_for(world.browser, other)
    log_out(world, id_token_hint=hint_for(world, asking))
    assert {each[0] for each in noticed()} == {asking.client_id, other.client_id}


@pytest.mark.parametrize("hint", ["maria@example.com", "s_unknown", "somebody else"])
def test_2_a_logout_hint_is_no_error_and_decides_nothing(world: World, hint: str) -> None:
    assert is_asked(log_out(world, logout_hint=hint))
    assert log_out(world, logout_hint=hint, id_token_hint=hint_for(world)).status_code == 303


def test_2_the_page_speaks_the_language_that_is_asked_for(world: World) -> None:
    page = log_out(world, ui_locales="xx fr-CA fr en")
    assert '<html lang="fr"' in page.text


def test_2_languages_that_nobody_speaks_here_are_no_error(world: World) -> None:
    assert is_asked(log_out(world, ui_locales="tlh xx-YY"))


def test_2_a_parameter_given_twice_is_an_error(world: World) -> None:
    refused = world.browser.get("/oauth/logout?state=1&state=2")
    assert refused.status_code == 400


def test_2_an_id_token_encrypted_to_the_client_counts_once_the_client_decrypted_it(
    world: World,
) -> None:
    key = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES", "kid": "1"})
    client = a_client(
        first_party=True,
        post_logout_redirect_uris=(BYE,),
        jwks={"keys": [key.as_dict(private=False)]},
        id_token_encrypted_response_alg="ECDH-ES",
        id_token_encrypted_response_enc="A256GCM",
    )
    sealed = hint_for(world, client)
    assert is_asked(log_out(world, id_token_hint=sealed, post_logout_redirect_uri=BYE))
    signed = jwe.decrypt_compact(sealed, key, ["ECDH-ES", "A256GCM"]).plaintext
    assert signed is not None
    out = log_out(world, id_token_hint=signed.decode(), post_logout_redirect_uri=BYE)
    assert out.headers["Location"] == BYE


def test_2_1_the_metadata_names_the_endpoint(world: World) -> None:
    document = world.browser.get("/.well-known/openid-configuration").get_json()
    assert document["end_session_endpoint"] == f"{flow.ISSUER}/oauth/logout"


@pytest.mark.parametrize(
    "uri", [f"{BYE}/", f"{BYE}?a=b", "https://APP.example/bye", "https://app.example:443/bye"]
)
def test_3_only_a_registered_address_is_gone_back_to(world: World, uri: str) -> None:
    out = log_out(world, id_token_hint=hint_for(world), post_logout_redirect_uri=uri)
    assert out.headers["Location"] == "/signed-out"


def test_3_an_address_registered_by_another_client_is_not_gone_back_to(world: World) -> None:
    a_client(post_logout_redirect_uris=("https://other.example/bye",))
    uri = "https://other.example/bye"
    out = log_out(world, id_token_hint=hint_for(world), post_logout_redirect_uri=uri)
    assert out.headers["Location"] == "/signed-out"


def test_3_without_a_hint_nobody_is_sent_back_who_was_not_asked(world: World) -> None:
    sign_out(world.browser)
    out = log_out(world, client_id=world.trusted.client_id, post_logout_redirect_uri=BYE)
    assert out.headers["Location"] == "/signed-out"


def test_3_whoever_said_yes_knows_where_they_go(world: World) -> None:
    page = log_out(world, client_id=world.trusted.client_id, post_logout_redirect_uri=BYE)
    assert world.trusted.metadata.client_name in page.text
    assert flow.agree(world.browser, page, "confirm").headers["Location"] == BYE


def test_3_a_registered_query_is_kept(world: World) -> None:
    client = a_client(first_party=True, post_logout_redirect_uris=(f"{BYE}?tenant=1",))
    out = log_out(
        world,
        id_token_hint=hint_for(world, client),
        post_logout_redirect_uri=f"{BYE}?tenant=1",
        state="2",
    )
    assert out.headers["Location"] == f"{BYE}?tenant=1&state=2"


def test_3_nobody_is_sent_back_to_an_application_that_was_shut_out(world: World) -> None:
    hint = hint_for(world)
    clients.disable(world.trusted.client_id, by=SYSTEM, at=clock.now())
    db.session.commit()
    out = log_out(world, id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert out.headers["Location"] == "/signed-out"


@pytest.mark.parametrize(
    "uri", ["http://app.example/bye", "https://app.example/#x", "javascript:1"]
)
def test_3_1_only_safe_addresses_can_be_registered(world: World, uri: str) -> None:
    with pytest.raises(InvalidRedirectUri):
        a_client(post_logout_redirect_uris=(uri,))


def test_4_what_could_not_be_validated_is_not_used(world: World) -> None:
    page = log_out(
        world,
        id_token_hint="e30.e30.e30",
        client_id=world.trusted.client_id,
        post_logout_redirect_uri=BYE,
    )
    assert flow.agree(world.browser, page, "confirm").headers["Location"] == "/signed-out"


def test_6_a_hint_that_is_missing_or_bad_never_signs_out_unasked(world: World) -> None:
    for query in ({}, {"id_token_hint": ""}, {"id_token_hint": "x"}, {"logout_hint": "x"}):
        assert is_asked(log_out(world, **query))
    assert is_signed_in(world)
