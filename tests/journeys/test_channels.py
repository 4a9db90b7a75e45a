"""Channels without a browser at hand: a screen in a shop, and a call that the customer confirms on
her own telephone."""

import sys

import pytest

from demo.people import MARIA, PASSWORD
from demo.stack import Stack
from tests.journeys import channels
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import open_mail, type_credentials
from tests.oauth.flow import claims_of

# They share what a file starts, so they run one after the other (`tests.scheduling`).
pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@pytest.fixture(scope="module", autouse=True)
def registered(stack: Stack) -> None:
    """The kiosk and the call centre."""
    stack.run("channels", [sys.executable, "-m", "tests.journeys.channels"])


def test_maria_lets_the_screen_in_the_shop_in(newcomer: Newcomer, stack: Stack) -> None:
    shown = channels.begin_device(stack.ports)
    maria = newcomer("Maria")
    maria.go(shown["verification_uri"])
    type_credentials(maria, MARIA, PASSWORD)
    maria.fill(user_code=shown["user_code"].lower().replace("-", " "))
    maria.press("#device-submit")
    assert maria.sees(shown["user_code"])
    assert maria.sees(channels.KIOSK_NAME)
    assert maria.sees("3 installations")
    maria.press("#device-allow")
    assert maria.sees("Your device is let in")
    tokens = channels.outcome(stack.ports, shown)
    assert claims_of(tokens["id_token"])["sub"] == str(MARIA.party)
    assert len(tokens["authorization_details"][0]["installations"]) == 3


def test_maria_confirms_her_call_from_the_mail_and_refuses_one_from_her_own_page(
    newcomer: Newcomer, stack: Stack
) -> None:
    called = channels.begin_call(stack.ports, MARIA.shown, "LUZ 4711")
    maria = newcomer("Maria")
    open_mail(maria, MARIA, "/approvals/")
    type_credentials(maria, MARIA, PASSWORD)
    assert maria.sees("LUZ 4711")
    maria.press("#approval-allow")
    assert maria.sees("You allowed it")
    tokens = channels.outcome(stack.ports, called)
    assert claims_of(tokens["id_token"])["sub"] == str(MARIA.party)

    other = channels.begin_call(stack.ports, MARIA.email, "LUZ 4712")
    maria.go(f"{maria.ports.issuer}/installations")
    maria.page.get_by_role("link", name="Look at it and decide").click()
    maria.press("#approval-deny")
    assert maria.sees("You did not allow it")
    assert channels.outcome(stack.ports, other)["error"] == "access_denied"
