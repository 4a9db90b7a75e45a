"""What somebody could find afterwards in a cache."""

from flask.testing import FlaskClient

from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client
from tests.oauth import flow


def test_nothing_secret_may_be_cached(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    code = flow.code_for(client, application)
    answer = flow.exchange(client, application, code)
    bearer = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    for response in (
        answer,
        flow.exchange(client, application, code),
        client.get("/oauth/userinfo", headers=bearer),
        flow.authorize(client, application),
        client.post("/oauth/introspect", data={"token": "x"}, headers=flow.basic(application)),
    ):
        assert response.headers["Cache-Control"] == "no-store"
