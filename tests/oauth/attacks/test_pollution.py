"""One parameter, several values: which of them counts?"""

from flask.testing import FlaskClient

from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client
from tests.oauth import flow


def test_a_repeated_parameter_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    for name in ("scope", "state", "nonce", "code_challenge", "prompt", "max_age"):
        address = f"{flow.address_for(application)}&{name}=1&{name}=2"
        assert flow.answered(client.get(address))["error"] == "invalid_request", name
    for name in ("client_id", "redirect_uri"):
        address = f"{flow.address_for(application)}&{name}=1"
        assert client.get(address).status_code == 400
    code = flow.code_for(client, application)
    body = f"grant_type=authorization_code&code={code}&code={code}"
    refused = client.post(
        "/oauth/token",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers=flow.basic(application),
    )
    assert refused.get_json()["error"] == "invalid_request"
