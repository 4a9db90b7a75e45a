from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.oauth import a_client
from tests.oauth import flow


def sign_in(client: FlaskClient, address: str) -> TestResponse:
    """Fill in the sign-in page that this address leads to; returns where it leads then."""
    data = {"identifier": "529.982.247-25", "password": PASSWORD}
    signed_in = browsing.post(client, address, data)
    assert signed_in.status_code == 303, signed_in.text
    return client.get(signed_in.headers["Location"])


def test_a_stranger_signs_in_and_comes_back_to_the_request(client: FlaskClient) -> None:
    an_account()
    sent = flow.authorize(client, a_client(first_party=True))
    assert sent.status_code == 303
    assert "code" in flow.answered(sign_in(client, sent.headers["Location"]))


def test_the_sign_in_page_names_the_client_and_may_lead_on_to_it(client: FlaskClient) -> None:
    sent = flow.authorize(client, a_client(), login_hint="529.982.247-25")
    page = client.get(sent.headers["Location"])
    assert "Segunda via" in page.text
    assert browsing.values_of(page)["identifier"] == "529.982.247-25"
    assert "form-action 'self' https://app.example" in page.headers["Content-Security-Policy"]


def test_a_link_to_sign_in_cannot_open_the_forms_to_an_unregistered_origin(
    client: FlaskClient,
) -> None:
    application = a_client()
    address = flow.address_for(application, redirect_uri="https://evil.example/")
    page = client.get("/login", query_string={"next": address})
    assert "evil.example" not in page.headers["Content-Security-Policy"]


def test_prompt_login_asks_a_signed_in_person_once_and_then_goes_on(client: FlaskClient) -> None:
    sign_in_as(client, an_account(), authenticated_at=clock.now() - timedelta(minutes=5))
    application = a_client(first_party=True)
    sent = flow.authorize(client, application, prompt="login", max_age="0")
    assert "again=1" in sent.headers["Location"]
    answer = sign_in(client, sent.headers["Location"])
    tokens = flow.exchange(client, application, flow.answered(answer)["code"]).get_json()
    assert flow.claims_of(tokens["id_token"])["auth_time"] >= clock.now().timestamp() - 60


def test_coming_back_without_signing_in_again_asks_again(client: FlaskClient) -> None:
    sign_in_as(client, an_account(), authenticated_at=clock.now() - timedelta(minutes=5))
    sent = flow.authorize(client, a_client(first_party=True), prompt="login")
    following = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
    assert client.get(following).headers["Location"].startswith("/login?next=")


def test_a_mark_of_another_client_or_a_forged_one_is_worth_nothing(client: FlaskClient) -> None:
    sign_in_as(client, an_account(), authenticated_at=clock.now() - timedelta(minutes=5))
    other, application = a_client(first_party=True), a_client(first_party=True)
    sent = flow.authorize(client, other, prompt="login")
    following = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
    mark = parse_qs(urlsplit(following).query)["asked_again"][0]
    for each in (mark, "forged", "WyJ4Il0.x", ""):
        again = flow.authorize(client, application, prompt="login", asked_again=each)
        assert again.headers["Location"].startswith("/login?next=")


def test_the_language_that_the_client_asks_for_is_the_sign_in_pages(client: FlaskClient) -> None:
    sent = flow.authorize(client, a_client(), ui_locales="pt-BR")
    assert '<html lang="pt-BR"' in client.get(sent.headers["Location"]).text


def test_a_hint_of_somebody_else_asks_for_that_person_once(client: FlaskClient) -> None:
    guest = joao()
    sign_in_as(client, guest)
    application = a_client(first_party=True)
    hint = flow.tokens_for(client, application)["id_token"]
    assert "code" in flow.answered(flow.authorize(client, application, id_token_hint=hint))
    sign_in_as(client, an_account())
    silent = flow.authorize(client, application, id_token_hint=hint, prompt="none")
    assert flow.answered(silent)["error"] == "login_required"
    sent = flow.authorize(client, application, id_token_hint=hint)
    assert urlsplit(sent.headers["Location"]).path == "/login"
    answer = sign_in(client, sent.headers["Location"])  # as Maria, once more
    assert flow.answered(answer)["error"] == "login_required"


def test_a_hint_that_cannot_be_read_is_an_error_before_anybody_signs_in(
    client: FlaskClient,
) -> None:
    refused = flow.authorize(client, a_client(first_party=True), id_token_hint="e30.e30.e30")
    assert flow.answered(refused)["error"] == "login_required"


def test_a_client_may_post_its_request(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    sent = client.post("/oauth/authorize", data=flow.request_for(application))
    assert sent.status_code == 303
    answer = flow.answered(client.get(sent.headers["Location"]))
    assert answer["state"] == "a state"
