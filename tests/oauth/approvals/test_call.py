import itertools
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock, outbound
from idp.accounts.models import Account
from idp.extensions import db
from idp.mail.models import Mail
from idp.oauth.ciba import pings
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, joao
from tests.oauth import flow
from tests.oauth.approvals.asking import (
    NOTIFICATION_ENDPOINT,
    a_call_centre,
    ask_call,
    begin_call,
    call_page,
    decide_call,
    error_of,
    poll,
    row,
)


def letters(template: str = "oauth_approval") -> list[Mail]:
    return list(db.session.scalars(select(Mail).where(Mail.template == template)))


def test_a_call_is_confirmed_on_the_callers_own_device(client: FlaskClient, maria: Account) -> None:
    agents = a_call_centre()
    begun = begin_call(client, agents, scope="openid profile", binding_message="4711 LUZ")
    assert begun["interval"] == 5
    assert error_of(poll(client, agents, begun)) == "authorization_pending"
    page = client.get(call_page())
    for text in ("4711 LUZ", "Atendimento", "Your name and your language", maria.name):
        assert text in page.text, text
    done = decide_call(client)
    assert "You allowed it" in client.get(done.headers["Location"]).text
    tokens = poll(client, agents, begun).get_json()
    assert flow.claims_of(tokens["id_token"])["sub"] == MARIA
    assert flow.userinfo(client, tokens["access_token"]).get_json()["name"] == maria.name


def test_the_person_is_told_by_mail_without_the_applications_words(
    client: FlaskClient, maria: Account
) -> None:
    """What an application writes is shown on the page, beside a warning, and nowhere else."""
    begin_call(client, a_call_centre(), binding_message="pay at evil.example")
    (letter,) = letters()
    assert letter.recipient_address == maria.email
    assert "evil" not in json.dumps(letter.context)
    assert letter.context["approval"] == row().public_id


@pytest.mark.parametrize("path", ["/installations", "/account"])
def test_signed_in_pages_show_what_waits_until_it_is_decided(
    client: FlaskClient, maria: Account, path: str
) -> None:
    begin_call(client, a_call_centre())
    assert call_page() in browsing.links_of(client.get(path))
    decide_call(client, "deny")
    assert call_page() not in browsing.links_of(client.get(path))


def test_what_is_denied_stays_denied(client: FlaskClient, maria: Account) -> None:
    agents = a_call_centre()
    begun = begin_call(client, agents)
    done = decide_call(client, "deny")
    assert "You did not allow it" in client.get(done.headers["Location"]).text
    assert error_of(poll(client, agents, begun)) == "access_denied"
    token = browsing.csrf_token(client, "/device")
    again = client.post(call_page(), data={"csrf_token": token, "decision": "deny"})
    assert again.status_code == 409


def test_the_page_says_when_it_is_too_late(client: FlaskClient, maria: Account) -> None:
    agents = a_call_centre()
    begun = begin_call(client, agents)
    row().expires_at = clock.now()
    db.session.commit()
    assert "too late" in client.get(call_page()).text
    assert error_of(poll(client, agents, begun)) == "expired_token"


@pytest.mark.parametrize("hint", [MARIA, "529.982.247-25", "MARIA@example.com "])
def test_people_are_named_as_they_name_themselves(
    client: FlaskClient, maria: Account, hint: str
) -> None:
    begin_call(client, a_call_centre(), login_hint=hint)
    assert row().account_id == maria.id


def test_an_id_token_names_its_person_to_the_client_that_it_is_for(
    client: FlaskClient, maria: Account
) -> None:
    agents, others = a_call_centre(), a_call_centre()
    begun = begin_call(client, agents)
    decide_call(client)
    id_token = poll(client, agents, begun).get_json()["id_token"]
    begin_call(client, agents, login_hint="", id_token_hint=id_token)
    assert row().account_id == maria.id
    begin_call(client, others, login_hint="", id_token_hint=id_token)
    assert row().account_id is None


def test_a_partner_names_people_by_the_id_token_in_which_it_reads_no_tax_id(
    client: FlaskClient, maria: Account
) -> None:
    agents = a_call_centre(
        scope="openid profile",
        subject_type="pairwise",
        sector_identifier_uri="https://calls.example/sector.json",
    )
    begun = begin_call(client, agents)
    decide_call(client)
    id_token = poll(client, agents, begun).get_json()["id_token"]
    assert MARIA not in json.dumps(flow.claims_of(id_token))
    begin_call(client, agents, login_hint="", id_token_hint=id_token)
    assert row().account_id == maria.id


def test_the_worker_pings_as_soon_as_somebody_decided(
    client: FlaskClient, app: Flask, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    awake, stopping = threading.Event(), threading.Event()
    endpoint = Endpoint(monkeypatch, 204)
    endpoint.then = stopping.set
    begin_call(client, a_call_centre(mode="ping"), client_notification_token="a-bearer-token")
    decide_call(client)
    pings.Pinger(app, awake).run(stopping)
    assert len(endpoint.seen) == 1


def test_nobody_learns_whether_somebody_has_an_account(client: FlaskClient) -> None:
    agents = a_call_centre()
    locked = joao(locked_at=clock.now())
    for hint in ("nobody@example.com", "br:cpf:11144477735", "nonsense", locked.email):
        begun = begin_call(client, agents, login_hint=hint)
        assert set(begun) == {"auth_req_id", "expires_in", "interval"}
        assert error_of(poll(client, agents, begun)) == "authorization_pending"
    assert letters() == []


def test_the_utilitys_own_application_is_told(client: FlaskClient, maria: Account) -> None:
    agents = a_call_centre(first_party=True)
    assert error_of(ask_call(client, agents, login_hint="nobody@example.com")) == "unknown_user_id"
    assert begin_call(client, agents)["auth_req_id"]


def test_nobody_is_asked_until_they_give_in(client: FlaskClient, maria: Account) -> None:
    """Known or not, however spelled, whoever asks: the sixth question is refused. That the address
    and the tax id are the same person's is not told by it."""
    for spelled in (
        ["maria@example.com", "MARIA@example.com"],
        ["nobody@example.com", " NOBODY@example.com"],
        [MARIA, "529.982.247-25", "52998224725"],
        ["br:cpf:11144477735", "111.444.777-35"],
    ):
        agents = itertools.cycle([a_call_centre(), a_call_centre()])
        hints = itertools.cycle(spelled)
        for _ in range(5):
            begin_call(client, next(agents), login_hint=next(hints))
        refused = ask_call(client, next(agents), login_hint=next(hints))
        assert (refused.status_code, refused.get_json()["error"]) == (403, "access_denied")


def test_two_factors_are_asked_for_where_the_application_wants_them(
    client: FlaskClient, maria: Account
) -> None:
    agents = a_call_centre()
    begun = begin_call(client, agents, acr_values="urn:outorga:aal2")
    page = client.get(call_page())
    assert page.headers["Location"].startswith("/account/confirm/factor?next=")
    token = browsing.csrf_token(client, "/device")
    form = {"csrf_token": token, "decision": "allow", "seen": ""}
    client.post(call_page(), data=form)
    assert error_of(poll(client, agents, begun)) == "authorization_pending"
    sign_in_as(client, maria, amr=["pwd", "otp"])
    decide_call(client)
    tokens = poll(client, agents, begun).get_json()
    assert flow.claims_of(tokens["id_token"])["acr"] == "urn:outorga:aal2"


class Endpoint:
    """An application's notification endpoint, and what it answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: int) -> None:
        self.answers, self.seen = list(answers), list[tuple[str, str, dict[str, Any]]]()
        self.then: Callable[[], None] = lambda: None
        monkeypatch.setattr(outbound, "post", self._post)

    def _post(
        self, url: str, *, body: bytes, headers: dict[str, str], content_type: str
    ) -> outbound.Answer:
        assert content_type == "application/json"
        self.seen.append((url, headers["Authorization"], json.loads(body)))
        self.then()
        status = self.answers.pop(0)
        if status == 0:
            raise outbound.Unreachable(outbound.errors.Reason.CONNECTION)
        return outbound.Answer(status, {}, b"")


def test_a_decision_is_told_to_who_wants_to_be_told(
    client: FlaskClient, app: Flask, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = Endpoint(monkeypatch, 204)
    agents = a_call_centre(mode="ping")
    begun = begin_call(client, agents, client_notification_token="a-bearer-token")
    assert pings.send_next(app) is False
    decide_call(client)
    assert pings.send_next(app) is True
    told = {"auth_req_id": begun["auth_req_id"]}
    assert endpoint.seen == [(NOTIFICATION_ENDPOINT, "Bearer a-bearer-token", told)]
    assert pings.send_next(app) is False
    assert poll(client, agents, begun).status_code == 200


@pytest.mark.parametrize("answer", [0, 302, 404, 500])
def test_a_ping_that_fails_is_tried_again_while_it_is_of_use(
    client: FlaskClient, app: Flask, maria: Account, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    endpoint = Endpoint(monkeypatch, answer, 204)
    begin_call(client, a_call_centre(mode="ping"), client_notification_token="a-bearer-token")
    decide_call(client, "deny")
    assert pings.send_next(app) is True
    assert pings.send_next(app) is False
    found = row()
    assert found.ping_due_at is not None
    assert timedelta(seconds=9) < found.ping_due_at - clock.now() <= timedelta(seconds=10)
    found.ping_due_at = clock.now()
    db.session.commit()
    assert pings.send_next(app) is True
    assert len(endpoint.seen) == 2
    assert row().sealed_ping is None


def test_the_token_for_pings_is_not_kept_in_clear(client: FlaskClient, maria: Account) -> None:
    begun = begin_call(
        client, a_call_centre(mode="ping"), client_notification_token="a-bearer-token"
    )
    kept = row().sealed_ping
    assert kept
    assert "a-bearer-token" not in kept
    assert str(begun["auth_req_id"]) not in kept
