"""Token exchange: acting for a holder, and everything that ends it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts import locking
from idp.audit import SYSTEM, Event, history_of
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Level, Relation
from idp.oauth.models import Authorization, RevokedToken
from idp.taxids import TaxId
from tests.browsing import sign_in_as
from tests.factories.accounts import JOAO, MARIA, an_account
from tests.factories.exchange import (
    API,
    ORDINARY,
    TOKEN_EXCHANGE,
    Delegation,
    a_delegation,
    ask,
    exchange_form,
)
from tests.factories.grants import a_grant, a_representation
from tests.factories.oauth import a_client, a_resource_server
from tests.factories.registry import holdings
from tests.oauth import flow, proving

RITA = "br:cpf:11144477735"
COMPANY = "br:cnpj:11222333000181"


@pytest.fixture
def delegation(client: FlaskClient) -> Delegation:
    return a_delegation(client)


def test_the_token_speaks_of_the_holder_and_of_who_acts(delegation: Delegation) -> None:
    answer = delegation.token()
    claims = flow.claims_of(answer["access_token"])
    assert claims["sub"] == MARIA
    assert claims["act"] == {"sub": JOAO}
    assert claims["aud"] == API
    assert claims["client_id"] == delegation.application.client_id
    assert claims["authorization_details"] == [
        {
            "type": "installation_access",
            "relation": "delegate",
            "holder": MARIA,
            "actions": ["read"],
            "installations": [each.code for each in delegation.installations],
            "grant_id": delegation.grant.public_id,
            "grant_chain": [delegation.grant.public_id],
        }
    ]
    assert answer["authorization_details"] == claims["authorization_details"]
    assert claims["exp"] - claims["iat"] == answer["expires_in"] <= 120
    assert "refresh_token" not in answer


def test_introspection_says_the_same_until_the_grant_is_revoked(delegation: Delegation) -> None:
    token = delegation.token()["access_token"]
    seen = flow.introspect(delegation.browser, delegation.api, token)
    assert (seen["active"], seen["sub"], seen["act"]) == (True, MARIA, {"sub": JOAO})
    services.revoke(delegation.grant, by=delegation.maria.actor, at=clock.now())
    db.session.commit()
    assert flow.introspect(delegation.browser, delegation.api, token) == {"active": False}


def test_a_collaborators_token_nests_the_manager(client: FlaskClient) -> None:
    made = a_delegation(client, relation=Relation.MANAGER)
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    link = a_grant(
        made.joao, rita, made.installations[:1], relation=Relation.COLLABORATOR, parent=made.grant
    )
    sign_in_as(client, rita)
    made.grant, manager = link, made.grant
    answer = made.token()
    claims = flow.claims_of(answer["access_token"])
    assert claims["act"] == {"sub": RITA, "act": {"sub": JOAO}}
    assert claims["authorization_details"][0]["grant_chain"] == [
        manager.public_id,
        link.public_id,
    ]
    services.revoke(manager, by=made.maria.actor, at=clock.now())
    db.session.commit()
    assert flow.introspect(client, made.api, answer["access_token"]) == {"active": False}


def test_a_representative_acts_for_the_company(client: FlaskClient) -> None:
    made = a_delegation(client)
    (installation,) = holdings(COMPANY, 1)
    made.grant = a_representation(COMPANY, made.joao)
    claims = flow.claims_of(made.token()["access_token"])
    assert (claims["sub"], claims["act"]) == (COMPANY, {"sub": JOAO})
    assert claims["authorization_details"][0]["installations"] == [installation.code]


def test_more_than_a_token_can_name_is_a_set_that_ends_with_this_grant(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setitem(app.config, "INLINE_INSTALLATIONS", 2)
    made = a_delegation(client, count=4)
    other = a_grant(made.maria, made.joao, made.installations[:3])
    answer = made.token()
    (detail,) = answer["authorization_details"]
    assert (detail["type"], detail["count"]) == ("installation_set", 4)
    assert detail["grant_id"] == made.grant.public_id
    seen = flow.introspect(client, made.api, answer["access_token"])
    assert seen["authorization_details"] == [detail]
    services.revoke(made.grant, by=made.maria.actor, at=clock.now())
    db.session.commit()
    assert flow.introspect(client, made.api, answer["access_token"]) == {"active": False}
    assert made.ask().get_json()["error"] == "invalid_request"
    assert ask(client, made.application, other.public_id, actor_token=made.actor_token()).json


def test_one_installation_of_a_large_grant_can_be_asked_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setitem(app.config, "INLINE_INSTALLATIONS", 2)
    made = a_delegation(client, count=4, level=Level.FULL)
    code = made.installations[3].code
    detail = {"type": "installation_access", "installations": [code], "actions": ["read"]}
    answer = made.token(authorization_details=json.dumps([detail]))
    (granted,) = answer["authorization_details"]
    assert (granted["installations"], granted["actions"]) == ([code], ["read"])


@pytest.mark.parametrize(
    "detail",
    [
        {"installations": ["not mine"]},
        {"actions": ["write"]},
        {"holder": JOAO},
    ],
)
def test_nothing_wider_than_the_grant(delegation: Delegation, detail: dict[str, object]) -> None:
    asked = json.dumps([{"type": "installation_access", **detail}])
    answer = delegation.ask(authorization_details=asked)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_an_application_that_was_shown_one_installation_acts_on_that_one_alone(
    delegation: Delegation,
) -> None:
    first, _second = delegation.installations
    details = [{"type": "installation_access", "holder": MARIA, "installations": [first.code]}]
    actor = delegation.actor_token(
        scope="openid bills:read", authorization_details=json.dumps(details)
    )
    (granted,) = delegation.token(actor_token=actor)["authorization_details"]
    assert granted["installations"] == [first.code]


def test_an_application_that_was_shown_no_grants_can_t_act_by_them(delegation: Delegation) -> None:
    answer = delegation.ask(actor_token=delegation.actor_token(scope="openid"))
    assert answer.get_json()["error"] == "invalid_request"


def test_it_never_outlives_the_grant_or_the_actors_own_token(client: FlaskClient) -> None:
    made = a_delegation(client, expires_at=clock.now() + timedelta(seconds=45))
    assert made.token()["expires_in"] <= 45


def test_scopes_about_a_person_stay_behind(delegation: Delegation) -> None:
    actor = delegation.actor_token(scope="openid email grants bills:read bills:write")
    assert delegation.token(actor_token=actor)["scope"] == "bills:read bills:write"
    assert delegation.token(actor_token=actor, scope="bills:read")["scope"] == "bills:read"
    for scope in ("openid", "grants", "bills:pay"):
        answer = delegation.ask(actor_token=actor, scope=scope)
        assert answer.get_json()["error"] == "invalid_scope", scope


def test_the_token_opens_nothing_of_ours(delegation: Delegation) -> None:
    token = delegation.token()["access_token"]
    assert flow.userinfo(delegation.browser, token).status_code == 401
    with_it = {"Authorization": f"Bearer {token}"}
    asked = {"resource": {"type": "installation", "id": "1"}, "action": {"name": "read"}}
    answer = delegation.browser.post("/access/v1/evaluation", json=asked, headers=with_it)
    assert answer.status_code == 401


@pytest.mark.parametrize("ending", ["sign out", "lock", "revoke", "expire", "lose"])
def test_whatever_ends_the_actor_ends_the_token(delegation: Delegation, ending: str) -> None:
    token = delegation.token()["access_token"]
    at = clock.now()
    if ending == "sign out":
        db.session.query(Authorization).update({"revoked_at": at})
    elif ending == "lock":
        locking.lock(delegation.joao, by=SYSTEM, at=at, reason="stolen")
    elif ending == "revoke":
        jti = flow.claims_of(token)["jti"]
        db.session.add(RevokedToken(jti=jti, expires_at=at + timedelta(minutes=2)))
    elif ending == "expire":
        delegation.grant.expires_at = at
    else:
        holdings(RITA, 1)
        for each in delegation.installations:
            each.holder_tax_id = TaxId.parse_canonical(RITA)
    db.session.commit()
    assert flow.introspect(delegation.browser, delegation.api, token) == {"active": False}


def test_the_trail_says_who_acted_by_which_grant(delegation: Delegation) -> None:
    delegation.token()
    event = history_of("grant", delegation.grant.public_id)[0]
    assert event.event == Event.TOKEN_EXCHANGED
    assert event.account == delegation.joao.public_id
    assert event.client == delegation.application.client_id


def test_a_resource_is_act_aware_while_every_server_of_it_is(delegation: Delegation) -> None:
    assert delegation.ask().status_code == 200
    a_resource_server(resources=(API,))
    assert delegation.ask().get_json()["error"] == "invalid_target"


def test_no_exchange_after_the_revocation_is_committed(committed_app: Flask) -> None:
    """Four ask while the grant is revoked: whatever they were given is dead."""
    with committed_app.app_context():
        made = a_delegation(committed_app.test_client())
        actor, start, name = made.actor_token(), Barrier(5), made.grant.public_id

        def exchange() -> str | None:
            start.wait()
            browser = committed_app.test_client()
            answer = ask(browser, made.application, name, actor_token=actor)
            token: str | None = answer.get_json().get("access_token")
            return token

        with ThreadPoolExecutor(4) as pool:
            waiting = [pool.submit(exchange) for _ in range(4)]
            start.wait()
            services.revoke(made.grant, by=made.maria.actor, at=clock.now())
            db.session.commit()
            tokens = [each.result() for each in waiting]
        for token in filter(None, tokens):
            assert flow.introspect(made.browser, made.api, token) == {"active": False}
        assert made.ask(actor_token=actor).status_code == 400


def test_a_bound_actor_token_is_of_use_to_the_holder_of_its_key_alone(
    delegation: Delegation,
) -> None:
    key, other = proving.a_key(), proving.a_key()
    actor = proving.tokens_for(
        delegation.browser, delegation.application, key, scope="openid grants"
    )["access_token"]
    form = exchange_form(delegation.grant.public_id, actor_token=actor)
    for proof in (None, proving.proof(other)):
        refused = proving.ask_token(delegation.browser, delegation.application, proof, **form)
        assert refused.get_json()["error"] == "invalid_request"
    answer = proving.ask_token(
        delegation.browser, delegation.application, proving.proof(key), **form
    ).get_json()
    assert answer["token_type"] == "DPoP"
    assert flow.claims_of(answer["access_token"])["cnf"] == {"jkt": key.thumbprint()}


def test_a_partner_reads_no_tax_id_in_what_it_is_given(delegation: Delegation) -> None:
    partner = a_client(
        first_party=True,
        subject_type="pairwise",
        grant_types=(*ORDINARY, TOKEN_EXCHANGE),
        resources=(API,),
        scope="openid grants",
    )
    delegation.application = partner
    actor = delegation.actor_token(scope="openid grants")
    answer = delegation.token(actor_token=actor)
    claims = flow.claims_of(answer["access_token"])
    assert not {MARIA, JOAO} & {claims["sub"], claims["act"]["sub"]}
    assert MARIA not in json.dumps([claims, answer["authorization_details"]])
    seen = flow.introspect(delegation.browser, delegation.api, answer["access_token"])
    assert (seen["sub"], seen["act"]) == (claims["sub"], claims["act"])
    detail = {"type": "installation_access", "holder": claims["sub"]}
    assert delegation.token(actor_token=actor, authorization_details=json.dumps([detail]))


def test_another_application_of_the_same_person_can_t_bring_the_token(
    delegation: Delegation,
) -> None:
    other = a_client(first_party=True, grant_types=(*ORDINARY, TOKEN_EXCHANGE), resources=(API,))
    answer = ask(
        delegation.browser,
        other,
        delegation.grant.public_id,
        actor_token=delegation.actor_token(),
    )
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_what_applications_do_by_a_grant_does_not_crowd_its_history(
    delegation: Delegation,
) -> None:
    actor = delegation.actor_token()
    for _ in range(60):
        assert delegation.ask(actor_token=actor).status_code == 200
    page = delegation.browser.get(f"/grants/{delegation.grant.public_id}")
    assert "Access began" in page.text
