from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.data import erasure
from idp.accounts.models import Account
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import clients, purging
from idp.oauth.authorization.models import Consent
from idp.oauth.models import Authorization, AuthorizationCode, RefreshToken, RevokedToken
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.oauth import a_client, a_public_client, a_resource_server
from tests.oauth import flow

BYE = "https://app.example/bye"


def revoke(browser: FlaskClient, client: clients.RegisteredClient, token: str, **form: str) -> int:
    data = {"token": token, **form}
    return browser.post("/oauth/revoke", data=data, headers=flow.basic(client)).status_code


def test_a_revoked_refresh_token_takes_its_access_tokens_with_it(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(client, application)
    assert revoke(client, application, answer["refresh_token"]) == 200
    assert flow.introspect(client, api, answer["access_token"]) == {"active": False}
    refused = flow.refresh(client, application, answer["refresh_token"])
    assert refused.get_json()["error"] == "invalid_grant"


def test_a_revoked_access_token_goes_alone(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(client, application)
    hint = {"token_type_hint": "refresh_token"}
    assert revoke(client, application, answer["access_token"], **hint) == 200
    assert revoke(client, application, answer["access_token"]) == 200
    assert flow.introspect(client, api, answer["access_token"]) == {"active": False}
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 200


def test_a_clients_own_token_can_be_revoked(client: FlaskClient) -> None:
    application, api = a_client(), a_resource_server()
    token = flow.ask_token(client, application, grant_type="client_credentials").get_json()
    assert flow.introspect(client, api, token["access_token"])["active"] is True
    revoke(client, application, token["access_token"])
    assert flow.introspect(client, api, token["access_token"]) == {"active": False}


def test_somebody_elses_and_unknown_tokens_are_answered_alike_and_left_alone(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application, other, api = a_client(), a_client(), a_resource_server()
    answer = flow.tokens_for(client, application)
    for token in (answer["access_token"], answer["refresh_token"], "unknown", "a.b.c", "é\x00"):
        assert revoke(client, other, token) == 200
    assert flow.introspect(client, api, answer["access_token"])["active"] is True
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 200


def test_a_stranger_revokes_nothing(client: FlaskClient) -> None:
    refused = client.post("/oauth/revoke", data={"token": "x"})
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")


def test_offline_access_outlives_the_session_and_other_tokens_do_not(app: Flask) -> None:
    browser, server = app.test_client(), app.test_client()
    session = sign_in_as(browser, an_account())
    application = a_client()
    lasting = flow.tokens_for(browser, application, scope="openid offline_access")
    passing = flow.tokens_for(browser, application, scope="openid")
    session.ended_at = clock.now()
    db.session.commit()
    assert flow.refresh(server, application, lasting["refresh_token"]).status_code == 200
    assert flow.userinfo(server, lasting["access_token"]).status_code == 200
    assert flow.refresh(server, application, passing["refresh_token"]).status_code == 400
    assert flow.userinfo(server, passing["access_token"]).status_code == 401


def test_an_idle_session_ends_nothing_but_a_session_of_full_age_does(client: FlaskClient) -> None:
    idle = clock.now() - timedelta(hours=2)
    session = sign_in_as(client, an_account())
    application = a_client()
    answer = flow.tokens_for(client, application)
    session.last_seen_at = idle
    db.session.commit()
    answer = flow.refresh(client, application, answer["refresh_token"]).get_json()
    session.expires_at = clock.now()
    db.session.commit()
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 400


def test_locking_the_account_ends_everything_at_once(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(client, application, scope="openid offline_access")
    db.session.get_one(Account, account.id).locked_at = clock.now()
    db.session.commit()
    assert flow.introspect(client, api, answer["access_token"]) == {"active": False}
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 400


def test_erasing_the_account_ends_everything_at_once_and_for_good(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(client, application, scope="openid offline_access")
    unused = flow.code_for(client, application)
    account = db.session.get_one(Account, account.id)
    erasure.erase(account, by=account.actor, at=clock.now())
    db.session.commit()
    assert flow.introspect(client, api, answer["access_token"]) == {"active": False}
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 400
    assert flow.exchange(client, application, unused).status_code == 400
    in_force = select(Consent).where(Consent.withdrawn_at.is_(None))
    assert db.session.scalars(in_force).all() == []
    an_account()  # the same person, anew
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 400


def test_a_disabled_client_can_do_nothing_and_its_tokens_are_dead(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(client, application)
    assert clients.disable(application.client_id, by=SYSTEM, at=clock.now())
    db.session.commit()
    assert flow.introspect(client, api, answer["access_token"]) == {"active": False}
    refused = flow.refresh(client, application, answer["refresh_token"])
    assert refused.get_json()["error"] == "invalid_client"
    assert flow.authorize(client, application).status_code == 400


def test_logout_with_a_hint_of_this_session_goes_back_to_the_client(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    application = a_client(post_logout_redirect_uris=(BYE,))
    hint = flow.tokens_for(client, application)["id_token"]
    out = client.get(
        "/oauth/logout",
        query_string={"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "s s"},
    )
    assert out.headers["Location"] == f"{BYE}?state=s+s"
    db.session.refresh(session)
    assert session.ended_at is not None


def test_logout_without_a_hint_asks_first(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    application = a_client(post_logout_redirect_uris=(BYE,))
    asked = {"client_id": application.client_id, "post_logout_redirect_uri": BYE}
    page = client.get("/oauth/logout", query_string=asked)
    assert page.status_code == 200
    assert 'id="logout-confirm"' in page.text
    assert 'id="logout-cancel"' in page.text
    assert "Segunda via" in page.text
    db.session.refresh(session)
    assert session.ended_at is None
    out = flow.agree(client, page, "confirm")
    assert out.headers["Location"] == BYE
    db.session.refresh(session)
    assert session.ended_at is not None


def test_a_person_may_stay_signed_in(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    page = client.get("/oauth/logout")
    assert flow.agree(client, page, "cancel").headers["Location"] == "/"
    db.session.refresh(session)
    assert session.ended_at is None


def test_the_logout_decision_needs_the_pages_token(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    forged = client.post("/oauth/logout/decision", data={"decision": "confirm"})
    assert forged.status_code == 400
    db.session.refresh(session)
    assert session.ended_at is None


def test_a_hint_of_another_session_asks_first(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    application = a_client()
    hint = flow.tokens_for(client, application)["id_token"]
    sign_in_as(client, account)
    assert client.get("/oauth/logout", query_string={"id_token_hint": hint}).status_code == 200


def test_logout_never_redirects_where_the_client_did_not_register(client: FlaskClient) -> None:
    account = an_account()
    application = a_client(post_logout_redirect_uris=(BYE,))
    for uri in (f"{BYE}/", f"{BYE}?x=1", "https://evil.example/", "//evil.example", "javascript:1"):
        sign_in_as(client, account)
        hint = flow.tokens_for(client, application)["id_token"]
        query = {"id_token_hint": hint, "post_logout_redirect_uri": uri}
        out = client.get("/oauth/logout", query_string=query)
        assert out.headers["Location"] == "/signed-out"


def test_a_hint_that_is_not_ours_never_redirects(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(post_logout_redirect_uris=(BYE,))
    query = {
        "id_token_hint": "e30.e30.e30",
        "client_id": application.client_id,
        "post_logout_redirect_uri": BYE,
    }
    page = client.get("/oauth/logout", query_string=query)
    assert page.status_code == 200
    assert flow.agree(client, page, "confirm").headers["Location"] == "/signed-out"


def test_a_client_id_that_is_not_the_hints_audience_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    hint = flow.tokens_for(client, a_client())["id_token"]
    query = {"id_token_hint": hint, "client_id": a_client().client_id}
    refused = client.get("/oauth/logout", query_string=query)
    assert refused.status_code == 400
    assert 'id="error-code">invalid_request<' in refused.text


def test_an_access_token_is_no_hint(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    token = flow.tokens_for(client, a_client())["access_token"]
    assert client.get("/oauth/logout", query_string={"id_token_hint": token}).status_code == 200


def test_logout_may_be_posted_by_the_client(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    hint = flow.tokens_for(client, a_client())["id_token"]
    sent = client.post("/oauth/logout", data={"id_token_hint": hint})
    assert client.get(sent.headers["Location"]).headers["Location"] == "/signed-out"


def test_purging_drops_what_can_never_be_used_again_and_nothing_else(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_public_client()
    flow.tokens_for(client, application)
    counted = (Authorization, AuthorizationCode, RefreshToken, RevokedToken)

    def left() -> list[int]:
        return [
            db.session.scalar(db.select(db.func.count()).select_from(model)) or 0
            for model in counted
        ]

    purging.purge(clock.now() + timedelta(hours=1))
    assert left() == [1, 1, 1, 0]
    purging.purge(clock.now() + timedelta(days=2))
    assert left() == [1, 0, 1, 0]
    purging.purge(clock.now() + timedelta(days=100))
    assert left() == [0, 0, 0, 0]


def test_signing_in_again_keeps_the_tokens_and_signing_out_then_ends_them(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True)
    answer = flow.tokens_for(client, application)
    sent = flow.authorize(client, application, prompt="login")
    data = {"identifier": "529.982.247-25", "password": PASSWORD}
    browsing.post(client, sent.headers["Location"], data)
    assert flow.userinfo(client, answer["access_token"]).status_code == 200
    out = client.get("/oauth/logout", query_string={"id_token_hint": answer["id_token"]})
    assert out.headers["Location"] == "/signed-out"
    assert flow.userinfo(client, answer["access_token"]).status_code == 401


def test_another_person_on_the_same_browser_ends_the_tokens_of_the_first(
    client: FlaskClient,
) -> None:
    sign_in_as(client, joao())
    an_account()
    application = a_client(first_party=True)
    answer = flow.tokens_for(client, application)
    page = flow.authorize(client, application, prompt="select_account")
    data = {"identifier": "529.982.247-25", "password": PASSWORD}
    browsing.post(client, browsing.link_of(page, "account-other"), data)
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
