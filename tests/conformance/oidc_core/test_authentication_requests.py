"""OpenID Connect Core 1.0 sections 3.1.2.1 to 3.1.2.6: what a request may ask for."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from idp import clock
from idp.extensions import db
from tests import browsing
from tests.browsing import sign_in_as
from tests.conformance.conftest import World
from tests.factories.accounts import MARIA, joao
from tests.factories.oauth import a_client
from tests.oauth import flow


def path_of(location: str) -> str:
    return urlsplit(location).path


@pytest.mark.parametrize(
    "prompt",
    ["none login", "none consent", "none select_account", "create", "LOGIN"],
)
def test_3_1_2_1_combinations_that_contradict_themselves_are_refused(
    world: World, prompt: str
) -> None:
    refused = flow.answered(flow.authorize(world.browser, world.trusted, prompt=prompt))
    assert refused["error"] == "invalid_request"


def test_3_1_2_1_select_account_asks_which_and_goes_on(world: World) -> None:
    page = flow.authorize(world.browser, world.trusted, prompt="select_account")
    assert page.status_code == 200
    assert "Maria" in page.text
    chosen = browsing.link_of(page, "account-continue")
    assert "code" in flow.answered(world.browser.get(chosen))
    other = browsing.link_of(page, "account-other")
    assert path_of(other) == "/login"
    assert 'name="identifier"' in world.browser.get(other).text


def test_3_1_2_1_select_account_of_nobody_is_the_sign_in(world: World) -> None:
    browsing.sign_out(world.browser)
    sent = flow.authorize(world.browser, world.trusted, prompt="select_account")
    assert path_of(sent.headers["Location"]) == "/login"


def test_3_1_2_1_login_asks_even_somebody_who_is_signed_in(world: World) -> None:
    sent = flow.authorize(world.browser, world.trusted, prompt="login")
    assert path_of(sent.headers["Location"]) == "/login"
    both = flow.authorize(world.browser, world.trusted, prompt="login select_account")
    assert path_of(both.headers["Location"]) == "/login"


@pytest.mark.parametrize("display", ["page", "popup", "touch", "wap"])
def test_3_1_2_1_every_display_is_served(world: World, display: str) -> None:
    assert "code" in flow.answered(flow.authorize(world.browser, world.trusted, display=display))


def test_3_1_2_1_a_display_that_nobody_defined_is_refused(world: World) -> None:
    refused = flow.answered(flow.authorize(world.browser, world.trusted, display="hologram"))
    assert refused["error"] == "invalid_request"


def test_3_1_2_1_default_max_age_counts_where_none_is_asked_for(world: World) -> None:
    world.session.authenticated_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    strict = a_client(first_party=True, default_max_age=60, require_auth_time=True)
    sent = flow.authorize(world.browser, strict)
    assert path_of(sent.headers["Location"]) == "/login"
    tokens = flow.tokens_for(world.browser, strict, max_age="7200")
    told = flow.claims_of(tokens["id_token"])["auth_time"]
    assert told == int(world.session.authenticated_at.timestamp())


def test_3_1_2_1_default_acr_values_count_where_none_are_asked_for(world: World) -> None:
    strict = a_client(first_party=True, default_acr_values=("urn:outorga:aal2",))
    sent = flow.authorize(world.browser, strict)
    assert path_of(sent.headers["Location"]) == "/account/confirm/factor"
    assert "code" in flow.answered(
        flow.authorize(world.browser, strict, acr_values="urn:outorga:aal1")
    )


def test_3_1_2_1_a_hint_of_somebody_else_is_login_required_in_silence(world: World) -> None:
    hint = flow.tokens_for(world.browser, world.trusted)["id_token"]
    silent = {"prompt": "none", "id_token_hint": hint}
    assert "code" in flow.answered(flow.authorize(world.browser, world.trusted, **silent))
    sign_in_as(world.browser, joao())
    refused = flow.answered(flow.authorize(world.browser, world.trusted, **silent))
    assert refused["error"] == "login_required"


def test_3_1_2_1_login_hint_is_typed_in_for_the_person(world: World) -> None:
    browsing.sign_out(world.browser)
    sent = flow.authorize(world.browser, world.trusted, login_hint="529.982.247-25")
    page = world.browser.get(sent.headers["Location"])
    assert browsing.values_of(page)["identifier"] == "529.982.247-25"


def test_3_1_2_1_a_posted_request_is_the_same_request(world: World) -> None:
    sent = world.browser.post("/oauth/authorize", data=flow.request_for(world.trusted))
    tokens = flow.exchange(
        world.browser,
        world.trusted,
        flow.answered(world.browser.get(sent.headers["Location"]))["code"],
    )
    assert flow.claims_of(tokens.get_json()["id_token"])["sub"] == MARIA


def test_3_1_2_1_the_page_says_who_asks_and_where_its_papers_are(world: World) -> None:
    asking = a_client(
        logo_uri="https://cdn.app.example/logo.png",
        policy_uri="https://app.example/privacy",
        tos_uri="https://app.example/terms",
    )
    browsing.sign_out(world.browser)
    sent = flow.authorize(world.browser, asking)
    login = world.browser.get(sent.headers["Location"])
    sign_in_as(world.browser, world.account)
    for page in (login, flow.authorize(world.browser, asking)):
        assert "Segunda via" in page.text
        assert 'src="https://cdn.app.example/logo.png"' in page.text
        assert "https://app.example/privacy" in browsing.links_of(page)
        assert "https://app.example/terms" in browsing.links_of(page)
        policy = page.headers["Content-Security-Policy"]
        assert "img-src 'self' data: https://cdn.app.example;" in policy
    assert "cdn.app.example" not in world.browser.get("/account").headers["Content-Security-Policy"]
