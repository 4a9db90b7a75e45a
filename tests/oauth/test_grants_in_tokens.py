import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, Level
from idp.oauth.models import Authorization
from idp.registry.models import Installation
from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import a_client, a_resource_server
from tests.factories.registry import an_installation, holdings
from tests.oauth import flow


def shared(level: Level = Level.READ_ONLY) -> tuple[Account, Grant, list[Installation]]:
    """João, and Maria's grant to him over two of her installations."""
    maria, guest = an_account(), joao()
    installations = holdings(maria.tax_id, 2)
    return guest, a_grant(maria, guest, installations, level=level), installations


def asking(**detail: Any) -> str:
    return json.dumps([{"type": "installation_access", **detail}])


def test_the_grants_claim_is_in_id_token_userinfo_and_access_token(client: FlaskClient) -> None:
    guest, grant, installations = shared()
    sign_in_as(client, guest)
    answer = flow.tokens_for(client, a_client(), scope="openid grants")
    expected = [
        {
            "type": "installation_access",
            "relation": "delegate",
            "holder": MARIA,
            "actions": ["read"],
            "installations": [each.code for each in installations],
            "grant_id": grant.public_id,
            "grant_chain": [grant.public_id],
        }
    ]
    assert flow.claims_of(answer["id_token"])["grants"] == expected
    assert flow.userinfo(client, answer["access_token"]).get_json()["grants"] == expected
    assert flow.claims_of(answer["access_token"])["authorization_details"] == expected
    assert answer["authorization_details"] == expected


def test_a_token_with_somebody_elses_installations_lives_two_minutes(client: FlaskClient) -> None:
    guest, _grant, _installations = shared()
    sign_in_as(client, guest)
    application = a_client()
    assert flow.tokens_for(client, application, scope="openid grants")["expires_in"] == 120
    assert flow.tokens_for(client, application, scope="openid")["expires_in"] == 300


def test_ones_own_installations_carry_no_grant_and_live_five_minutes(client: FlaskClient) -> None:
    maria = an_account()
    installation = an_installation(maria.tax_id)
    sign_in_as(client, maria)
    answer = flow.tokens_for(client, a_client(), scope="openid grants")
    assert answer["authorization_details"] == [
        {
            "type": "installation_access",
            "relation": "owner",
            "holder": MARIA,
            "actions": ["read", "write"],
            "installations": [installation.code],
        }
    ]
    assert answer["expires_in"] == 300


def test_who_only_declared_a_tax_id_has_nothing_in_the_claim(client: FlaskClient) -> None:
    maria = an_account(assurance=Assurance.DECLARED)
    an_installation(maria.tax_id)
    sign_in_as(client, maria)
    answer = flow.tokens_for(client, a_client(), scope="openid grants assurance")
    claims = flow.claims_of(answer["id_token"])
    assert (claims["grants"], claims["assurance"]) == ([], "declared")


def test_details_narrow_to_one_installation_and_one_action(client: FlaskClient) -> None:
    guest, _grant, (first, _second) = shared(Level.FULL)
    sign_in_as(client, guest)
    details = asking(holder=MARIA, installations=[first.code], actions=["read"])
    answer = flow.tokens_for(client, a_client(), authorization_details=details)
    (granted,) = answer["authorization_details"]
    assert granted["installations"] == [first.code]
    assert granted["actions"] == ["read"]
    assert answer["expires_in"] == 120


def test_asking_for_what_one_has_no_access_to_is_denied(client: FlaskClient) -> None:
    guest, _grant, (first, _second) = shared()
    sign_in_as(client, guest)
    other = an_installation(MARIA)
    for detail in (
        {"installations": [other.code]},
        {"installations": [first.code], "actions": ["write"]},
        {"holder": "br:cpf:11144477735"},
    ):
        refused = flow.authorize(client, a_client(), authorization_details=asking(**detail))
        assert flow.answered(refused)["error"] == "access_denied", detail


@pytest.mark.parametrize(
    "details",
    [
        "",
        "{}",
        "[]",
        "null",
        "not json",
        "[" * 1000,
        "[1]",
        "[{}]",
        '[{"type":"payment"}]',
        '[{"type":["installation_access"]}]',
        '[{"type":"installation_access","limit":1}]',
        '[{"type":"installation_access","holder":52998224725}]',
        '[{"type":"installation_access","holder":"52998224725"}]',
        '[{"type":"installation_access","holder":"br:cpf:52998224724"}]',
        '[{"type":"installation_access","holder":null}]',
        '[{"type":"installation_access","installations":"300"}]',
        '[{"type":"installation_access","installations":[]}]',
        '[{"type":"installation_access","installations":[300]}]',
        '[{"type":"installation_access","installations":["\\u0000"]}]',
        '[{"type":"installation_access","installations":["\\ud800"]}]',
        '[{"type":"installation_access","actions":["delete"]}]',
        '[{"type":"installation_access","actions":[["read"]]}]',
        '[{"type":"installation_access","locations":["https://other.example"]}]',
        '[{"type":"installation_access"}, 9' + "9" * 2900 + "]",
    ],
)
def test_malformed_details_are_refused_by_their_own_error(
    client: FlaskClient, details: str
) -> None:
    sign_in_as(client, an_account())
    refused = flow.answered(
        flow.authorize(client, a_client(), authorization_details=details or " ")
    )
    assert refused["error"] == "invalid_authorization_details"


def test_introspection_denies_at_once_what_was_revoked(client: FlaskClient) -> None:
    guest, grant, (first, second) = shared()
    sign_in_as(client, guest)
    api = a_resource_server()
    token = flow.tokens_for(client, a_client(), scope="openid grants")["access_token"]
    services.revoke_installations(grant, [first.id], by=grant.granted_by.actor, at=clock.now())
    db.session.commit()
    (left,) = flow.introspect(client, api, token)["authorization_details"]
    assert left["installations"] == [second.code]
    services.revoke(grant, by=grant.granted_by.actor, at=clock.now())
    db.session.commit()
    seen = flow.introspect(client, api, token)
    assert seen["active"] is True
    assert seen["authorization_details"] == []


def test_a_token_for_details_of_which_nothing_is_left_cannot_be_refreshed(
    client: FlaskClient,
) -> None:
    guest, grant, _installations = shared()
    sign_in_as(client, guest)
    application = a_client()
    answer = flow.tokens_for(client, application, authorization_details=asking(holder=MARIA))
    again = flow.refresh(client, application, answer["refresh_token"]).get_json()
    assert again["authorization_details"] == answer["authorization_details"]
    services.revoke(grant, by=grant.granted_by.actor, at=clock.now())
    db.session.commit()
    refused = flow.refresh(client, application, again["refresh_token"])
    assert refused.get_json()["error"] == "invalid_grant"


def test_a_code_for_details_that_were_revoked_meanwhile_gives_nothing(client: FlaskClient) -> None:
    guest, grant, _installations = shared()
    sign_in_as(client, guest)
    application = a_client()
    code = flow.code_for(client, application, authorization_details=asking())
    services.revoke(grant, by=grant.granted_by.actor, at=clock.now())
    db.session.commit()
    assert flow.exchange(client, application, code).get_json()["error"] == "invalid_grant"


def test_what_is_granted_later_is_not_in_what_was_agreed_to(client: FlaskClient) -> None:
    guest, _grant, installations = shared()
    sign_in_as(client, guest)
    application = a_client()
    answer = flow.tokens_for(client, application, authorization_details=asking(holder=MARIA))
    maria = db.session.scalar(db.select(Account).where(Account.tax_id != guest.tax_id))
    assert maria is not None
    a_grant(maria, guest, [an_installation(MARIA)])
    again = flow.refresh(client, application, answer["refresh_token"]).get_json()
    seen = {code for each in again["authorization_details"] for code in each["installations"]}
    assert seen == {each.code for each in installations}


def test_fifty_installations_fit_into_a_token_and_one_more_makes_it_a_set(
    client: FlaskClient,
) -> None:
    maria = an_account()
    holdings(maria.tax_id, 50)
    sign_in_as(client, maria)
    application = a_client()
    answer = flow.tokens_for(client, application, scope="openid grants")
    assert len(answer["authorization_details"][0]["installations"]) == 50
    an_installation(maria.tax_id)
    again = flow.refresh(client, application, answer["refresh_token"]).get_json()
    (one,) = again["authorization_details"]
    assert (one["type"], one["count"]) == ("installation_set", 51)
    assert "installations" not in one
    api = a_resource_server()
    seen = flow.introspect(client, api, again["access_token"])["authorization_details"]
    assert seen == [one]


def test_the_nonce_and_details_are_kept_as_they_were_granted(client: FlaskClient) -> None:
    guest, grant, _installations = shared()
    sign_in_as(client, guest)
    flow.tokens_for(client, a_client(), authorization_details=asking())
    row = db.session.scalars(db.select(Authorization)).one()
    assert row.nonce == "a nonce"
    assert row.authorization_details is not None
    assert row.authorization_details[0]["grant_id"] == grant.public_id
