"""RFC 6749, The OAuth 2.0 Authorization Framework. Section numbers are in the names."""

from tests.conformance.conftest import World
from tests.factories.oauth import REDIRECT_URI, a_client
from tests.oauth import flow


def test_2_3_1_credentials_in_the_header_are_form_urlencoded(world: World) -> None:
    answer = flow.ask_token(world.browser, world.trusted, grant_type="client_credentials")
    assert answer.status_code == 200


def test_3_1_unknown_parameters_are_ignored_and_empty_ones_count_as_absent(world: World) -> None:
    answer = flow.authorize(world.browser, world.trusted, unheard_of="1", nonce="", max_age="")
    assert "code" in flow.answered(answer)


def test_3_1_2_a_query_in_the_redirect_uri_is_kept(world: World) -> None:
    uri = f"{REDIRECT_URI}?tenant=1"
    application = a_client(first_party=True, redirect_uris=(uri,))
    answer = flow.authorize(world.browser, application, redirect_uri=uri)
    assert flow.answered(answer)["tenant"] == "1"


def test_3_3_the_scope_that_was_granted_is_returned(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted, scope="openid email")
    assert answer["scope"] == "openid email"


def test_4_1_2_the_state_comes_back_exactly(world: World) -> None:
    state = "á/?&=+%20 \"'<>"
    answer = flow.answered(flow.authorize(world.browser, world.trusted, state=state))
    assert answer["state"] == state
    assert "state" not in flow.answered(flow.authorize(world.browser, world.trusted, state=None))


def test_4_1_2_1_a_missing_or_unknown_response_type_is_told_to_the_client(world: World) -> None:
    missing = flow.answered(flow.authorize(world.browser, world.trusted, response_type=None))
    assert missing["error"] == "invalid_request"
    for kind in ("token", "id_token", "code id_token", "code token", "password"):
        answer = flow.answered(flow.authorize(world.browser, world.trusted, response_type=kind))
        assert answer["error"] == "unsupported_response_type"


def test_4_1_3_a_code_is_bound_to_its_client_and_used_once(world: World) -> None:
    code = flow.code_for(world.browser, world.trusted)
    assert flow.exchange(world.browser, world.other, code).status_code == 400
    assert flow.exchange(world.browser, world.trusted, code).status_code == 200
    again = flow.exchange(world.browser, world.trusted, code)
    assert (again.status_code, again.get_json()["error"]) == (400, "invalid_grant")


def test_4_4_a_public_client_gets_no_token_of_its_own(world: World) -> None:
    refused = flow.ask_token(world.browser, world.public, grant_type="client_credentials")
    assert refused.get_json()["error"] == "unauthorized_client"


def test_4_4_3_a_client_credentials_answer_has_no_refresh_token(world: World) -> None:
    answer = flow.ask_token(world.browser, world.trusted, grant_type="client_credentials")
    assert "refresh_token" not in answer.get_json()
    assert "id_token" not in answer.get_json()


def test_5_1_an_answer_with_tokens_is_json_that_nobody_keeps(world: World) -> None:
    code = flow.code_for(world.browser, world.trusted)
    answer = flow.exchange(world.browser, world.trusted, code)
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert answer.get_json()["token_type"] == "Bearer"


def test_5_2_each_refusal_has_its_code(world: World) -> None:
    cases = {
        "invalid_request": {"grant_type": ""},
        "unsupported_grant_type": {"grant_type": "password"},
        "invalid_grant": {"grant_type": "refresh_token", "refresh_token": "x"},
        "invalid_scope": {"grant_type": "client_credentials", "scope": "everything"},
    }
    for code, form in cases.items():
        answer = flow.ask_token(world.browser, world.trusted, **form)
        assert (answer.status_code, answer.get_json()["error"]) == (400, code)
        assert answer.get_json().get("error_description", "").isascii()
    answer = world.browser.post("/oauth/token", data={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_6_a_refresh_may_narrow_the_scope_and_never_widen_it(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted, scope="openid email")["refresh_token"]
    wider = flow.refresh(world.browser, world.trusted, token, scope="openid phone")
    assert wider.get_json()["error"] == "invalid_scope"
    narrower = flow.refresh(world.browser, world.trusted, token, scope="openid")
    assert narrower.get_json()["scope"] == "openid"


def test_10_12_a_forged_answer_on_the_consent_page_is_refused(world: World) -> None:
    page = flow.authorize(world.browser, world.other)
    forged = world.browser.post(flow.action_of(page), data={"decision": "allow"})
    assert forged.status_code == 400


def test_10_13_no_page_can_be_framed(world: World) -> None:
    page = flow.authorize(world.browser, world.other)
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
