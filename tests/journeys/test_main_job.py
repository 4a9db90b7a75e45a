"""The main job from beginning to end, in Chromium, against the processes that `make run` starts."""

import time
from http import HTTPStatus

import pytest

from demo.people import ANA, JOAO, MARIA, SUPPORT, Customer
from demo.stack import Stack
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person
from tests.journeys.staff import sign_in_colleague
from tests.journeys.steps import accept, invite, open_mail, register, sign_in_at_application

# They share what a file starts, so they run one after the other (`tests.scheduling`).
pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
]

LENT, LENT_TOO, KEPT = "3001234567", "3001234568", "3001234569"
CARLA = Customer(
    "Carla Dias", "12345678909", "123.456.789-09", "carla@example.com", "+5511912345678"
)
TOKEN_SECONDS = 120  # a delegated access token is good for so long


def delegate(maria: Person, guest: Person, customer: Customer, installation: str) -> None:
    """Maria invites at the wizard; the guest follows the mail, registers and accepts."""
    invite(maria, customer, installation)
    assert maria.sees(customer.name)
    open_mail(guest, customer, "/invitations/")
    assert guest.sees("Maria da Silva")
    register(guest, customer)
    assert guest.sees(installation)
    accept(guest)


def assert_may_see_only(guest: Person, installation: str) -> None:
    """At the application: Maria's installation is there, to look at and not to pay."""
    assert guest.sees(f"Installation {installation}")
    assert not guest.sees(KEPT)
    guest.follow(f"Installation {installation}")
    assert guest.sees("The latest bills")
    assert guest.find("form[action$=payments]").count() == 0


def assert_denied(guest: Person, installation: str) -> None:
    """The next request is refused, whatever it is."""
    guest.go(f"{guest.ports.application}/bills/{installation}", HTTPStatus.FORBIDDEN)
    assert guest.sees("Your access has ended")
    guest.follow("Your installations")
    assert not guest.sees(f"Installation {installation}")


def test_maria_delegates_to_joao_and_takes_it_back(newcomer: Newcomer) -> None:
    maria, joao = newcomer("Maria"), newcomer("João")
    sign_in_at_application(maria, MARIA)
    for code in (LENT, LENT_TOO, KEPT):
        assert maria.sees(f"Installation {code}")
    delegate(maria, joao, JOAO, LENT)

    sign_in_at_application(joao, JOAO)
    began = time.monotonic()
    assert_may_see_only(joao, LENT)

    maria.go(f"{maria.ports.issuer}/grants")
    maria.follow(JOAO.name)
    assert maria.sees(f"{JOAO.name}: Looked at the bills")
    assert maria.sees("told by Segunda via")
    maria.follow("Take this access back")
    maria.press("#grant-revoke")
    assert_denied(joao, LENT)
    assert time.monotonic() - began < TOKEN_SECONDS, "his token expired: nothing was shown"


def test_maria_pays_and_guests_cannot(newcomer: Newcomer) -> None:
    maria = newcomer("Maria")
    sign_in_at_application(maria, MARIA)
    maria.follow(f"Installation {KEPT}")
    maria.page.get_by_role("button", name="Pay the bill").first.click()
    maria.look()
    assert maria.sees("is paid")
    maria.press("#sign-out")


def test_ana_who_has_too_many_to_list_opens_one_by_its_number(newcomer: Newcomer) -> None:
    ana = newcomer("Ana")
    sign_in_at_application(ana, ANA)
    assert ana.sees("You may see 120 installations")
    ana.fill(installation="3002000077")
    ana.press("Open")
    ana.press("#consent-allow")
    ana.follow("Installation 3002000077")
    assert ana.sees("The latest bills")


def test_staff_revoke_with_a_reason(newcomer: Newcomer, stack: Stack) -> None:
    maria, carla, silvia = newcomer("Maria"), newcomer("Carla"), newcomer("Sílvia")
    sign_in_at_application(maria, MARIA)
    delegate(maria, carla, CARLA, LENT_TOO)
    sign_in_at_application(carla, CARLA)
    assert_may_see_only(carla, LENT_TOO)

    sign_in_colleague(silvia, SUPPORT, stack)
    silvia.fill(term=CARLA.shown)
    silvia.press("Search")
    silvia.follow(CARLA.name)
    silvia.find("main table a[href*='/grants/g_']").first.click()
    silvia.look()
    silvia.follow("Revoke")
    silvia.page.check("[name=scope][value=all]")
    silvia.fill(reason="Maria called: lost phone, protocol 4711")
    silvia.press("#grant-revoke")
    assert silvia.sees("lost phone")
    assert_denied(carla, LENT_TOO)
