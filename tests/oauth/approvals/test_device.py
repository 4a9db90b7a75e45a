import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.accounts.sessions import cookie_name
from idp.extensions import db
from idp.oauth import purging
from idp.oauth.clients import RegisteredClient
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import a_resource_server
from tests.factories.registry import holdings
from tests.oauth import flow
from tests.oauth.approvals.asking import (
    a_device,
    begin_device,
    decide_device,
    error_of,
    fields_of,
    poll,
    row,
)
from tests.together import in_browsers


def a_pause() -> None:
    """As if the device had waited."""
    found = row()
    if found.polled_at is not None:
        found.polled_at -= timedelta(seconds=60)
    db.session.commit()


def test_a_device_is_let_in(client: FlaskClient, maria: Account) -> None:
    kiosk = a_device()
    begun = begin_device(client, kiosk, scope="openid profile")
    assert error_of(poll(client, kiosk, begun)) == "authorization_pending"
    done = decide_device(client, begun)
    assert done.headers["Location"] == "/device/allowed"
    tokens = poll(client, kiosk, begun).get_json()
    assert flow.claims_of(tokens["id_token"])["sub"] == str(maria.tax_id)
    assert flow.userinfo(client, tokens["access_token"]).get_json()["name"] == maria.name
    assert flow.refresh(client, kiosk, tokens["refresh_token"]).status_code == 200


def test_the_page_says_who_asks_for_what_and_from_where(
    client: FlaskClient, maria: Account
) -> None:
    begun = begin_device(client, a_device(), scope="openid email")
    page = client.get("/device", query_string={"user_code": begun["user_code"]})
    for text in (begun["user_code"], "Balcão", "Your e-mail address", maria.name, "127.0.0.…"):
        assert text in page.text, text
    assert "another network" not in page.text
    found = row()
    found.address = "192.0.2.7"
    db.session.commit()
    page = client.get("/device", query_string={"user_code": begun["user_code"]})
    assert "another network" in page.text


def test_what_is_denied_stays_denied(client: FlaskClient, maria: Account) -> None:
    kiosk = a_device()
    begun = begin_device(client, kiosk)
    assert decide_device(client, begun, "deny").headers["Location"] == "/device/denied"
    assert error_of(poll(client, kiosk, begun)) == "access_denied"
    assert error_of(poll(client, kiosk, begun)) == "access_denied"
    assert client.get("/device", query_string={"user_code": begun["user_code"]}).status_code == 422


def test_somebody_who_types_the_code_comes_to_the_same_page(
    client: FlaskClient, maria: Account
) -> None:
    begun = begin_device(client, a_device())
    typed = str(begun["user_code"]).lower().replace("-", " ")
    answer = browsing.post(client, "/device", {"user_code": typed})
    assert answer.headers["Location"] == f"/device?user_code={begun['user_code']}"


@pytest.mark.parametrize("typed", ["", "BCDF-GHJK", "nonsense"])
def test_another_code_is_refused_beside_the_field(
    client: FlaskClient, maria: Account, typed: str
) -> None:
    answer = browsing.post(client, "/device", {"user_code": typed})
    assert answer.status_code == 422
    assert browsing.errors_of(answer)["user_code"]
    assert browsing.values_of(answer)["user_code"] == typed


def test_a_stranger_signs_in_first_and_comes_back_to_the_code(client: FlaskClient) -> None:
    begun = begin_device(client, a_device())
    answer = client.get("/device", query_string={"user_code": begun["user_code"]})
    assert answer.headers["Location"].startswith("/login?next=")
    assert str(begun["user_code"]) in answer.headers["Location"]


def test_details_are_narrowed_to_what_the_person_may_open(client: FlaskClient) -> None:
    maria, guest = an_account(), joao()
    (installation,) = holdings(maria.tax_id, 1)
    grant = a_grant(maria, guest, [installation])
    sign_in_as(client, guest)
    kiosk = a_device(scope="openid")
    details = json.dumps([{"type": "installation_access", "holder": MARIA}])
    begun = begin_device(client, kiosk, authorization_details=details)
    decide_device(client, begun)
    (granted,) = poll(client, kiosk, begun).get_json()["authorization_details"]
    assert (granted["grant_id"], granted["installations"]) == (grant.public_id, [installation.code])


def test_what_is_not_the_persons_to_give_can_only_be_denied(
    client: FlaskClient, maria: Account
) -> None:
    details = json.dumps([{"type": "installation_access", "holder": "br:cpf:39053344705"}])
    kiosk = a_device()
    begun = begin_device(client, kiosk, authorization_details=details)
    page = client.get("/device", query_string={"user_code": begun["user_code"]})
    assert 'id="device-allow"' not in page.text
    assert 'id="device-deny"' in page.text
    client.post("/device/decision", data={**fields_of(page), "decision": "allow"})
    assert error_of(poll(client, kiosk, begun)) == "authorization_pending"


def test_an_application_for_one_holder_gets_the_persons_own_unless_it_names_one(
    client: FlaskClient,
) -> None:
    maria, guest = an_account(), joao()
    a_grant(maria, guest, holdings(maria.tax_id, 1))
    holdings(guest.tax_id, 1)
    sign_in_as(client, guest)
    kiosk = a_device(single_holder=True)
    begun = begin_device(client, kiosk, scope="openid grants")
    decide_device(client, begun)
    (detail,) = poll(client, kiosk, begun).get_json()["authorization_details"]
    assert (detail["relation"], detail["holder"]) == ("owner", str(guest.tax_id))


@pytest.mark.parametrize("ending", ["lock", "withdraw", "sign out"])
def test_what_ends_between_decision_and_question_gives_nothing(
    client: FlaskClient, maria: Account, ending: str
) -> None:
    kiosk = a_device()
    begun = begin_device(client, kiosk)
    decide_device(client, begun)
    if ending == "lock":
        maria.locked_at = clock.now()
        db.session.commit()
    elif ending == "withdraw":
        path = f"/account/applications/{kiosk.client_id}/withdrawal"
        browsing.post(client, path)
    else:
        browsing.post(client, "/sign-out", form_path="/account")
    assert error_of(poll(client, kiosk, begun)) == "invalid_grant"


def test_introspection_knows_a_devices_token(client: FlaskClient, maria: Account) -> None:
    api = a_resource_server(resources=("https://api.example",))
    kiosk = a_device(resources=("https://api.example",))
    begun = begin_device(client, kiosk)
    decide_device(client, begun)
    token = poll(client, kiosk, begun).get_json()["access_token"]
    assert flow.introspect(client, api, token)["active"] is True


def test_too_many_beginnings_from_one_network_wait(client: FlaskClient) -> None:
    kiosk = a_device()
    form = {"client_id": kiosk.client_id}
    answers = [client.post("/oauth/device", data=form) for _ in range(70)]
    assert {each.status_code for each in answers} == {200, 429}
    assert answers[-1].get_json()["error"] == "slow_down"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_old_requests_are_purged(client: FlaskClient, app: Flask) -> None:
    begin_device(client, a_device())
    row().expires_at = clock.now() - timedelta(days=2)
    db.session.commit()
    assert purging.purge(clock.now()) >= 1


def test_of_four_questions_at_once_one_gets_tokens_and_the_others_end_them(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        browser = committed_app.test_client()
        sign_in_as(browser, an_account())
        kiosk = a_device()
        begun = begin_device(browser, kiosk)
        decide_device(browser, begun)
        answers = in_browsers(
            committed_app, 4, lambda each: poll(each, kiosk, begun).get_json().get("error", "")
        )
        assert sorted(answers) == ["", "invalid_grant", "invalid_grant", "invalid_grant"]


def test_of_two_decisions_at_once_one_counts(committed_app: Flask) -> None:
    with committed_app.app_context():
        browser = committed_app.test_client()
        account = an_account()
        sign_in_as(browser, account)
        kiosk: RegisteredClient = a_device()
        begun = begin_device(browser, kiosk)
        page = browser.get("/device", query_string={"user_code": begun["user_code"]})
        fields = fields_of(page)
        cookies = [browser.get_cookie(name) for name in (cookie_name(), "form")]

        def press(each: FlaskClient) -> int:
            for cookie in filter(None, cookies):
                each.set_cookie(cookie.key, cookie.value)
            return each.post("/device/decision", data={**fields, "decision": "allow"}).status_code

        answers = in_browsers(committed_app, 2, press)
        assert sorted(answers) in ([303, 409], [303, 422])
