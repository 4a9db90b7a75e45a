from flask import Flask
from flask.testing import FlaskClient

from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, an_account
from tests.factories.oauth import a_client, a_public_client, a_resource_server
from tests.oauth import flow


def test_a_person_signs_in_agrees_and_the_client_reads_who_it_is(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    answer = flow.tokens_for(client, application, scope="openid email tax_id")
    claims = flow.claims_of(answer["id_token"])
    assert claims["sub"] == MARIA
    assert claims["aud"] == application.client_id
    assert claims["nonce"] == "a nonce"
    assert claims["cpf"] == "52998224725"
    told = flow.userinfo(client, answer["access_token"]).get_json()
    assert told["email"] == "maria@example.com"
    assert told["sub"] == MARIA


def test_a_first_party_client_is_not_asked_for(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    response = flow.authorize(client, a_client(first_party=True))
    assert flow.answered(response)["iss"] == flow.ISSUER


def test_a_public_client_gets_and_refreshes_its_tokens(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_public_client()
    answer = flow.tokens_for(client, application)
    again = flow.refresh(client, application, answer["refresh_token"])
    assert again.status_code == 200
    assert again.get_json()["refresh_token"] != answer["refresh_token"]


def test_a_client_gets_a_token_of_its_own_and_a_resource_server_sees_it(
    client: FlaskClient,
) -> None:
    application = a_client(scope="openid bills:read", resources=("https://api.example",))
    answer = flow.ask_token(client, application, grant_type="client_credentials").get_json()
    seen = flow.introspect(
        client, a_resource_server(resources=("https://api.example",)), answer["access_token"]
    )
    assert seen["active"] is True
    assert seen["sub"] == application.client_id
    assert seen["aud"] == "https://api.example"
    assert seen["scope"] == "bills:read"


def test_signing_out_ends_the_tokens_of_the_session_at_once(app: Flask) -> None:
    browser, server = app.test_client(), app.test_client()
    sign_in_as(browser, an_account())
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(browser, application)
    assert flow.introspect(server, api, answer["access_token"])["active"] is True
    out = browser.get("/oauth/logout", query_string={"id_token_hint": answer["id_token"]})
    assert out.status_code == 303
    assert flow.introspect(server, api, answer["access_token"]) == {"active": False}
    assert flow.userinfo(server, answer["access_token"]).status_code == 401
    refused = flow.refresh(server, application, answer["refresh_token"])
    assert refused.get_json()["error"] == "invalid_grant"
