"""What becomes of an invitation besides being accepted at once, in Chromium: opened by somebody
else, declined, lapsed and sent again; and access that follows the holder."""

import sys
from http import HTTPStatus
from pathlib import Path

import pytest

from demo.people import ANA, MARIA, PASSWORD, Customer
from demo.stack import Stack
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person
from tests.journeys.steps import accept, invite, open_mail, register, type_credentials

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

DORA = Customer("Dora Nunes", "55566677720", "555.666.777-20", "dora@example.com", "+5511976543210")
NEW_CODE = "3009999001"
NEW_ROW = (
    "distributor,code,holder,holder_name,address,city,state,postal_code,segment,status\n"
    f'elektro,{NEW_CODE},{MARIA.party},{MARIA.name},"Rua Nova, 1",Limeira,SP,13480-182,'
    "low_voltage,active\n"
)


def invite_again(maria: Person, choice: str) -> None:
    """From the list of what she sent."""
    maria.go(f"{maria.ports.issuer}/invitations")
    invite(maria, DORA, choice=choice)


def test_an_invitation_is_declined_lapses_and_is_sent_again(
    newcomer: Newcomer, stack: Stack, tmp_path: Path
) -> None:
    maria, dora, ana = newcomer("Maria"), newcomer("Dora"), newcomer("Ana")
    maria.go(f"{maria.ports.issuer}/login")
    type_credentials(maria, MARIA)
    invite_again(maria, choice="today")
    link = maria.find("#copyable").input_value()
    ana_is_told_that_it_is_not_for_her(ana, link)

    open_mail(dora, DORA, "/invitations/")
    register(dora, DORA)
    dora.fill(reason="Wrong Dora, I think")
    dora.press("#invitation-decline", HTTPStatus.GONE)
    assert dora.sees("You declined this invitation")
    open_mail(maria, MARIA, "/invitations/sent/")
    assert maria.sees("Wrong Dora, I think")

    invite_again(maria, choice="everything")
    link = maria.find("#copyable").input_value()
    stack.run("later", [sys.executable, "-m", "tests.journeys.later"])
    dora.go(link, HTTPStatus.GONE)
    assert dora.sees("This invitation has lapsed")
    dora.press("#invitation-ask-again")
    assert dora.sees("We told Maria da Silva")
    open_mail(maria, MARIA, "/invitations/sent/")
    assert maria.sees("Lapsed")
    maria.follow("Send it again")
    maria.tick("accept_permission_terms")
    maria.press("#invitation-send")

    open_mail(dora, DORA, "/invitations/")
    assert dora.sees("All, those to come too (3 today)")
    accept(dora)
    dora_sees_what_comes_later(dora, stack, tmp_path)


def ana_is_told_that_it_is_not_for_her(ana: Person, link: str) -> None:
    """She got the link from somebody, and signs in as herself."""
    ana.go(link)
    ana.follow("Sign in")
    ana.fill(identifier=ANA.shown, password=PASSWORD)
    ana.press("#sign-in-submit", HTTPStatus.FORBIDDEN)
    assert ana.sees("You can't accept this invitation with this account")
    assert ana.sees("a***@example.com")
    assert not ana.sees(DORA.name)
    ana.follow("Sign in with another account")
    assert ana.find("#sign-in-submit").count() == 1


def dora_sees_what_comes_later(dora: Person, stack: Stack, folder: Path) -> None:
    """The nightly file brings one more of Maria's."""
    dora.go(f"{dora.ports.issuer}/installations")
    assert not dora.sees(NEW_CODE)
    (folder / "nightly.csv").write_text(NEW_ROW)
    idp = str(Path(sys.executable).with_name("idp"))
    stack.run("import", [idp, "registry", "import", str(folder / "nightly.csv")])
    dora.go(f"{dora.ports.issuer}/installations")
    assert dora.sees(NEW_CODE)
