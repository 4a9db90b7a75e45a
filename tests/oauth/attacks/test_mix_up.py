"""Mix-up: a client that talks to several providers must know which of them answered (RFC 9700
section 4.4, RFC 9207), whatever the way in which the answer comes."""

import pytest
from flask.testing import FlaskClient

from tests.browsing import sign_in_as
from tests.conformance.oidc_form_post.test_oidc_form_post import form_of
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client
from tests.oauth import flow, pushing


def told(browser: FlaskClient, address: str, mode: str) -> dict[str, object]:
    """What the client reads in the answer."""
    response = browser.get(f"{address}&response_mode={mode}")
    fields = form_of(response).fields if mode.startswith("form_post") else flow.answered(response)
    return flow.claims_of(fields["response"]) if "jwt" in mode else {**fields}


@pytest.mark.parametrize("mode", ["query", "form_post", "jwt", "query.jwt", "form_post.jwt"])
def test_success_and_error_name_their_issuer_in_every_mode(client: FlaskClient, mode: str) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    for changes, member in (({}, "code"), ({"scope": "nothing"}, "error")):
        answer = told(client, flow.address_for(application, **changes), mode)
        assert member in answer
        assert answer["iss"] == flow.ISSUER


def test_a_signed_answer_is_for_one_client_alone(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for application in (a_client(first_party=True), a_client(first_party=True)):
        answer = told(client, flow.address_for(application), "jwt")
        assert answer["aud"] == application.client_id


def test_a_code_that_was_lured_to_another_client_is_worth_nothing_there(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    honest, evil = a_client(first_party=True), a_client(first_party=True)
    code = flow.answered(pushing.authorize(client, honest))["code"]
    assert flow.exchange(client, evil, code).get_json()["error"] == "invalid_grant"
