"""Limits that hold against whoever has many addresses, or many spellings of one."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.accounts import limits
from idp.client_address import client_address, client_network
from idp.errors import TooManyAttempts
from idp.taxids import parse
from tests.browsing import csrf_token

LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"  # check letters of a Spanish NIF


def spent(app: Flask, addresses: list[str], email: str = "") -> int:
    """How many mails may be asked for from these addresses, one after the other."""
    passed = 0
    for number, address in enumerate(addresses):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            try:
                limits.mail(email=email or f"someone{number}@example.com")
            except TooManyAttempts:
                continue
            passed += 1
    return passed


def test_all_addresses_of_a_subscribers_ipv6_network_count_as_one(app: Flask) -> None:
    burst = app.config["FORMS_PER_ADDRESS"]
    same = [f"2001:db8:1:2:{number:x}::1" for number in range(burst + 10)]
    assert spent(app, same) == burst
    assert spent(app, [f"2001:db8:2:{number:x}::1" for number in range(burst + 10)]) == burst + 10


def test_an_ipv4_address_in_ipv6_dress_is_itself(app: Flask) -> None:
    for dressed in ("::ffff:192.0.2.7", "192.0.2.7"):
        with app.test_request_context(environ_base={"REMOTE_ADDR": dressed}):
            assert client_network() == "192.0.2.7"


@pytest.mark.parametrize(
    "nonsense", ["", "unknown", "192.0.2.1:4711", "a\x00b", "1.2.3.4, 5.6.7.8"]
)
def test_an_address_that_is_none_breaks_nothing(app: Flask, nonsense: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": nonsense}):
        assert client_address() is None
        assert client_network() == "unknown"


def test_the_zone_of_a_link_local_address_is_left_out(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "fe80::1%eth0"}):
        assert (client_address(), client_network()) == ("fe80::1", "fe80::/64")


def test_a_server_on_a_socket_knows_no_address_and_works(client: FlaskClient) -> None:
    client.environ_base["REMOTE_ADDR"] = ""
    token = csrf_token(client, "/login")
    form = {"csrf_token": token, "identifier": "529.982.247-25", "password": "x"}
    assert client.post("/login", data=form).status_code == 422


def test_a_forwarded_address_counts_only_behind_the_proxies_of_the_deployment(
    client: FlaskClient,
) -> None:
    burst = client.application.config["SIGN_IN_ATTEMPTS_PER_ADDRESS"]
    people = (f"{number:08}" for number in range(10**8))
    valid = (number + LETTERS[int(number) % 23] for number in people if int(number))
    token = csrf_token(client, "/login")
    started = time.monotonic()
    statuses = [
        client.post(
            "/login",
            data={"csrf_token": token, "identifier": next(valid), "password": "x"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        ).status_code
        for number in range(burst + 20)
    ]
    passed_meanwhile = int(time.monotonic() - started) + 1  # one a second
    assert statuses.count(422) <= burst + passed_meanwhile
    assert 429 in statuses


def test_tags_and_capitals_of_a_mailbox_count_as_one(app: Flask) -> None:
    burst = app.config["MAILS_PER_ADDRESS"]
    passed = 0
    for number in range(burst + 5):
        with app.test_request_context(environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}):
            try:
                limits.mail(email=f"victim+{number}@example.com")
            except TooManyAttempts:
                continue
            passed += 1
    assert passed == burst


def test_every_spelling_of_a_tax_id_counts_as_one_wherever_it_comes_from(app: Flask) -> None:
    burst = app.config["SIGN_IN_ATTEMPTS_FROM_ANYWHERE"]
    spellings = ["529.982.247-25", "52998224725", "529 982 247 25", " 529982247-25"]
    passed = 0
    for number in range(burst + 5):
        tax_id = parse(spellings[number % len(spellings)], ("br:cpf",))
        with app.test_request_context(environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}):
            try:
                limits.sign_in(tax_id)
            except TooManyAttempts:
                continue
            passed += 1
    assert passed == burst
