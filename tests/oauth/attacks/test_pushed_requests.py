"""Names of pushed requests in the wrong hands."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import clients
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.oauth import a_client, a_public_client
from tests.oauth import flow, pushing, signing


def test_the_request_uri_of_another_client_opens_nothing(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    honest, evil = a_client(first_party=True), a_public_client()
    name = pushing.name_of(pushing.push(client, honest))
    address = pushing.address_of(evil, name, redirect_uri="https://app.example/callback")
    refused = client.get(address)
    assert refused.status_code == 400
    assert 'id="error-code">invalid_request_uri<' in refused.text
    assert "code" in flow.answered(client.get(pushing.address_of(honest, name)))


def test_a_replayed_request_uri_gives_nothing_to_anybody(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    address = pushing.address_of(application, pushing.name_of(pushing.push(client, application)))
    code = flow.answered(client.get(address))["code"]
    sign_in_as(client, joao())
    again = client.get(address)
    assert again.status_code == 400
    assert code not in again.text
    assert flow.exchange(client, application, code).status_code == 200


@pytest.mark.parametrize("name", ["", "x", "x" * 5000, "' OR 1=1 --", "\x00", "%00", "../x"])
def test_a_name_that_we_never_gave_is_one_more_unknown_name(client: FlaskClient, name: str) -> None:
    sign_in_as(client, an_account())
    refused = client.get(pushing.address_of(a_client(), f"{pushing.URN}{name}"))
    assert 'id="error-code">invalid_request_uri<' in refused.text


def test_a_client_cannot_push_in_the_name_of_another(client: FlaskClient) -> None:
    honest, evil = signing.a_signing_client(), a_client()
    in_form = {**flow.request_for(honest)}
    assert pushing.send(client, evil, in_form).get_json()["error"] == "invalid_client"
    in_object = {"request": signing.signed(honest)}
    assert pushing.send(client, evil, in_object).get_json()["error"] == "invalid_request_object"


def test_a_request_of_a_client_that_was_disabled_since_is_not_served(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    name = pushing.name_of(pushing.push(client, application))
    clients.disable(application.client_id, by=SYSTEM, at=clock.now())
    db.session.commit()
    refused = client.get(pushing.address_of(application, name))
    assert 'id="error-code">invalid_client<' in refused.text


def test_the_answer_to_the_consent_page_of_one_request_is_none_to_another(
    client: FlaskClient,
) -> None:
    """Somebody swaps the name in the address of the form for that of a request of their own."""
    sign_in_as(client, an_account())
    honest, evil = a_client(), a_client(scope="openid profile email phone")
    page = pushing.authorize(client, honest)
    theirs = pushing.name_of(pushing.push(client, evil, scope="openid phone"))
    action = pushing.address_of(evil, theirs).replace("/oauth/authorize", "/oauth/consent")
    forged = client.post(action, data={"decision": "allow", "seen": "x"})
    assert 'id="error-code">csrf_failed<' in forged.text
    assert page.status_code == 200


def test_a_stranger_with_a_name_learns_nothing_but_what_the_sign_in_page_says(
    client: FlaskClient,
) -> None:
    application = a_client()
    hint = "maria@example.com"
    sent = pushing.authorize(client, application, state="a secret state", nonce="a secret nonce")
    page = client.get(sent.headers["Location"]).text
    assert "secret" not in page
    assert hint not in page
    assert "secret" not in parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
