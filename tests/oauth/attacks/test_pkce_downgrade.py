"""PKCE downgrade: somebody between takes the challenge out, weakens it or puts in their own."""

import pytest
from flask.testing import FlaskClient

from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client, a_public_client
from tests.oauth import flow, pushing, signing

OTHER = "another-code-verifier-of-at-least-43-characters"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain", "code_challenge": flow.VERIFIER},
        {"code_challenge_method": "s256"},
        {"code_challenge": ""},
    ],
)
def test_a_weakened_challenge_is_refused_in_the_address_and_pushed(
    client: FlaskClient, changes: dict[str, str | None]
) -> None:
    sign_in_as(client, an_account())
    for application in (a_client(first_party=True), a_public_client()):
        refused = flow.answered(flow.authorize(client, application, **changes))
        assert refused["error"] == "invalid_request"
        pushed = pushing.push(client, application, **changes)
        assert pushed.get_json()["error"] == "invalid_request"


def test_a_challenge_beside_a_pushed_or_signed_request_does_not_replace_it(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = signing.a_signing_client()
    own = {"code_challenge": "x" * 43, "code_challenge_method": "S256"}
    name = pushing.name_of(pushing.push(client, application))
    for response in (
        client.get(pushing.address_of(application, name, **own)),
        signing.bring(client, application, signing.signed(application), **own),
    ):
        code = flow.answered(response)["code"]
        assert flow.exchange(client, application, code).status_code == 200


@pytest.mark.parametrize("verifier", ["", OTHER, flow.CHALLENGE, "x" * 200])
def test_a_code_with_a_challenge_wants_its_verifier(client: FlaskClient, verifier: str) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    code = flow.code_for(client, application)
    refused = flow.exchange(client, application, code, code_verifier=verifier)
    assert refused.get_json()["error"] in {"invalid_grant", "invalid_request"}


def test_a_verifier_for_a_code_without_a_challenge_is_refused(client: FlaskClient) -> None:
    """RFC 9700 section 4.8.2: then somebody took the challenge out of the request."""
    sign_in_as(client, an_account())
    old = a_client(first_party=True, require_pkce=False)
    code = flow.code_for(client, old, code_challenge=None, code_challenge_method=None)
    assert flow.exchange(client, old, code).get_json()["error"] == "invalid_request"
