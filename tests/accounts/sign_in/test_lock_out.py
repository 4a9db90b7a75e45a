"""Guessing passwords: as the attacker, and as the owner whom the attacker wants to lock out."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from idp.accounts.models import Account
from idp.accounts.sign_in import known_devices
from idp.extensions import db
from tests.browsing import csrf_token, post
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.statements import statements_sent

MARIA = "529.982.247-25"
JOAO = "390.533.447-05"


def attempt(
    client: FlaskClient, password: str, *, name: str = MARIA, network: str = "192.0.2.1"
) -> int:
    data = {"identifier": name, "password": password}
    path = "/login?again=1"
    data["csrf_token"] = csrf_token(client, path)
    return client.post(path, data=data, environ_base={"REMOTE_ADDR": network}).status_code


def a_known_device(app: Flask, name: str = MARIA) -> FlaskClient:
    client = app.test_client()
    assert attempt(client, PASSWORD, name=name) == 303
    return client


def everybody_attacks(app: Flask) -> None:
    """A botnet, until not even a network that was never seen gets a try."""
    for number in range(1, 101):
        stranger = app.test_client()
        attempt(stranger, "guess", network=f"198.51.100.{number}")
    assert attempt(app.test_client(), "guess", network="203.0.113.1") == 429


def test_nobody_locks_an_owner_out_of_a_device_of_theirs(app: Flask) -> None:
    an_account()
    phone = a_known_device(app)
    everybody_attacks(app)
    assert attempt(phone, PASSWORD) == 303


def test_not_even_from_the_same_network(app: Flask, client: FlaskClient) -> None:
    """A school, a hotel, a mobile operator's one address for thousands."""
    an_account()
    phone = a_known_device(app)
    answers = [attempt(client, "guess", name=name) for name in (MARIA, JOAO) for _n in range(60)]
    assert answers[-1] == 429
    assert attempt(phone, PASSWORD) == 303


def test_an_attacker_of_one_network_does_not_slow_the_owners_new_phone(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    answers = [attempt(client, "guess") for _n in range(40)]
    assert answers == [422] * 10 + [429] * 30
    assert attempt(app.test_client(), PASSWORD, network="203.0.113.9") == 303


def test_strangers_together_get_no_more_than_fifty_tries(app: Flask) -> None:
    an_account()
    answers = [
        attempt(app.test_client(), "guess", network=f"198.51.100.{number}") for number in range(70)
    ]
    assert answers == [422] * 50 + [429] * 20


def test_whoever_holds_a_known_device_cannot_guess_at_will_either(app: Flask) -> None:
    an_account()
    phone = a_known_device(app)
    answers = [attempt(phone, "guess", network=f"198.51.100.{number}") for number in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_a_device_is_known_to_its_own_accounts_alone(app: Flask) -> None:
    """The attacker's own account gives no tries at somebody else's."""
    an_account()
    joao()
    device_of_joao = a_known_device(app, JOAO)
    everybody_attacks(app)
    assert attempt(device_of_joao, PASSWORD, network="203.0.113.7") == 429


def test_success_forgives_ones_own_tries_and_no_strangers(app: Flask) -> None:
    an_account()
    phone = a_known_device(app)
    attacker = app.test_client()
    for _n in range(10):
        attempt(attacker, "guess", network="198.51.100.1")
    assert attempt(phone, PASSWORD) == 303
    assert attempt(attacker, "guess", network="198.51.100.1") == 429


def test_typing_errors_on_a_known_device_are_forgiven(app: Flask) -> None:
    an_account()
    phone = a_known_device(app)
    for _round in range(3):
        assert [attempt(phone, "typo") for _n in range(9)] == [422] * 9
        assert attempt(phone, PASSWORD) == 303


def test_a_forged_or_foreign_cookie_changes_nothing(app: Flask, client: FlaskClient) -> None:
    an_account()
    answers = []
    for number in range(12):
        client.set_cookie(known_devices.cookie_name(), f"forged {number}")
        answers.append(attempt(client, "guess"))
    assert answers == [422] * 10 + [429] * 2


def test_a_device_cookie_tells_nothing_about_who_is_known(app: Flask) -> None:
    joao()
    device = a_known_device(app, JOAO)
    data = {
        "identifier": MARIA,
        "password": "x",
        "csrf_token": csrf_token(device, "/login?again=1"),
    }
    seen = []
    for prepare in (lambda: None, an_account):
        prepare()
        with statements_sent() as of_this:
            device.post("/login?again=1", data=data)
        seen.append(of_this)
    assert seen[0] == seen[1]


def test_the_tax_id_and_the_address_are_not_shown_to_be_one_persons(app: Flask) -> None:
    """Were tries counted by account, using up those of one would slow the other."""
    an_account()
    for number in range(51):
        attempt(app.test_client(), "guess", network=f"198.51.100.{number}")
    network = "203.0.113.1"
    assert attempt(app.test_client(), "guess", network=network) == 429
    assert attempt(app.test_client(), "x", name="maria@example.com", network=network) == 422
    assert attempt(app.test_client(), "x", name="nobody@example.com", network=network) == 422


def test_guesses_at_sign_in_do_not_stop_somebody_who_confirms_a_password(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    phone = a_known_device(app)
    everybody_attacks(app)
    assert post(phone, "/account/confirm", {"password": PASSWORD}).status_code == 303


def test_the_password_of_a_stolen_session_cannot_be_guessed_at_will(app: Flask) -> None:
    an_account()
    stolen = a_known_device(app)
    answers = [
        post(stolen, "/account/confirm", {"password": "guess"}).status_code for _n in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2


def test_no_try_leaves_anything_personal_in_the_limits(app: Flask, client: FlaskClient) -> None:
    an_account()
    attempt(client, "guess")
    attempt(a_known_device(app), "guess")
    with db.engine.connect() as connection:
        keys = connection.scalars(text("SELECT key FROM rate_limits")).all()
    assert keys
    assert {len(bytes(key)) for key in keys} == {32}
    assert db.session.query(Account).one().locked_at is None
