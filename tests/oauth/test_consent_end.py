"""What a person agreed to as they see it, and what ends when they take it back."""

import json
from datetime import timedelta

from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.oauth.authorization import consents
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization, RefreshToken
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.exchange import a_delegation
from tests.factories.oauth import a_client, a_resource_server
from tests.oauth import flow
from tests.statements import statements_sent


def take_back(account: Account, client: RegisteredClient) -> None:
    assert consents.withdraw(account, client.client_id, at=clock.now())
    db.session.commit()


def test_every_token_ends_at_its_next_check_with_offline_access_too(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(client, application, scope="openid offline_access")
    assert flow.introspect(client, api, answer["access_token"])["active"] is True
    take_back(account, application)
    assert flow.introspect(client, api, answer["access_token"]) == {"active": False}
    own = flow.introspect(client, application, answer["refresh_token"])
    assert own == {"active": False}
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 400


def test_nothing_can_be_exchanged_any_more_and_what_was_exchanged_ends(client: FlaskClient) -> None:
    made = a_delegation(client)
    registered = made.application.metadata.as_json()
    made.application = a_client(**registered)
    token = made.token()["access_token"]
    assert flow.introspect(client, made.api, token)["active"] is True
    actor = made.actor_token()
    take_back(made.joao, made.application)
    assert flow.introspect(client, made.api, token) == {"active": False}
    refused = made.ask(actor_token=actor)
    assert refused.get_json()["error"] in {"invalid_request", "invalid_grant"}


def test_another_persons_and_another_applications_tokens_stay(client: FlaskClient) -> None:
    maria, other = an_account(), joao()
    application, second = a_client(), a_client()
    sign_in_as(client, other)
    theirs = flow.tokens_for(client, application)
    sign_in_as(client, maria)
    kept = flow.tokens_for(client, second)
    flow.tokens_for(client, application)
    take_back(maria, application)
    assert flow.userinfo(client, kept["access_token"]).status_code == 200
    assert flow.userinfo(client, theirs["access_token"]).status_code == 200


def test_a_claim_asked_for_by_its_name_is_told_of_like_its_scope_and_remembered(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    claims = json.dumps({"userinfo": {"email": None}})
    flow.code_for(client, application, scope="openid", claims=claims)
    assert "Your e-mail address" in client.get("/account/applications").text
    again = flow.authorize(client, application, scope="openid", claims=claims)
    assert "code" in flow.answered(again)
    more = json.dumps({"userinfo": {"phone_number": None}})
    assert flow.authorize(client, application, scope="openid", claims=more).status_code == 200


def test_the_page_says_what_is_lasting_since_when_and_when_it_was_last_used(
    client: FlaskClient,
) -> None:
    account = an_account()
    sign_in_as(client, account)
    application = a_client()
    answer = flow.tokens_for(client, application, scope="openid offline_access")
    month_ago = clock.now() - timedelta(days=30)
    for model in (Authorization, RefreshToken):
        db.session.execute(db.update(model).values(created_at=month_ago))
    expires_at = month_ago + timedelta(days=14)
    db.session.execute(db.update(RefreshToken).values(expires_at=expires_at))
    db.session.commit()
    (given,) = consents.given_by(account)
    assert given.used_at == month_ago
    db.session.execute(db.update(RefreshToken).values(expires_at=clock.now() + timedelta(days=1)))
    db.session.commit()
    flow.refresh(client, application, answer["refresh_token"])
    (given,) = consents.given_by(account)
    assert given.used_at is not None
    assert clock.now() - given.used_at < timedelta(minutes=1)
    page = client.get("/account/applications").text
    for words in ("All this also while you are not signed in here", "Since", "Last used on"):
        assert words in page


def test_the_utilitys_own_applications_are_asked_about_nowhere(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    own = a_client(first_party=True, client_name="The portal")
    assert "code" in flow.answered(flow.authorize(client, own))
    assert "The portal" not in client.get("/account/applications").text


def test_the_page_costs_the_same_however_many_agreements_there_are(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    for _ in range(3):
        flow.tokens_for(client, a_client())
    db.session.refresh(account)
    with statements_sent() as asked:
        assert len(consents.given_by(account)) == 3
    assert len(asked) == 1
