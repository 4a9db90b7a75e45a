"""From registration to sign-out by the keyboard alone; wherever it leads, the focus is seen."""

from http import HTTPStatus

import pytest

from demo.people import JOAO, PASSWORD, PAULO
from demo.stack import Stack
from tests.journeys.conftest import Newcomer
from tests.journeys.keyboard import Keyboard
from tests.journeys.person import Person

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

CODE = "3001250001"


@pytest.fixture(scope="module")
def stack(default_stack: Stack) -> Stack:
    """The whole service with every feature."""
    return default_stack


def register(paulo: Person, keyboard: Keyboard) -> None:
    """Skip the header, be told what is missing, and type it."""
    paulo.go(f"{paulo.ports.issuer}/register")
    keyboard.reach(".skip")
    keyboard.keys.press("Enter")
    assert keyboard.is_at("#main")
    keyboard.enter("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    assert keyboard.is_at("#error-summary")
    keyboard.reach("#error-summary a")
    keyboard.keys.press("Enter")
    assert keyboard.is_at("[name=tax_id]")
    keyboard.type(tax_id=PAULO.shown, name=PAULO.name, email=PAULO.email, password=PASSWORD)
    keyboard.reach("[name=password_confirmation]")
    keyboard.reach("[name=password] ~ button", backwards=True)  # look at what was typed
    keyboard.keys.press("Space")
    assert paulo.find("[name=password]").get_attribute("type") == "text"
    keyboard.type(password_confirmation=PASSWORD, installation_code=CODE)
    keyboard.tick("accept_terms")
    keyboard.enter("#register-submit", key="Space")


def change_language(paulo: Person, keyboard: Keyboard) -> None:
    """The menu opens, closes and is chosen from."""
    keyboard.reach(".languages summary")
    keyboard.keys.press("Enter")
    keyboard.reach(".languages [lang=es]")
    keyboard.keys.press("Escape")
    assert keyboard.is_at(".languages summary")
    assert not paulo.find(".languages ul").is_visible()
    keyboard.keys.press("Space")
    keyboard.enter(".languages [lang=pt-BR]")
    assert paulo.find("html[lang=pt-BR]").count()


def begin_to_give_access(keyboard: Keyboard) -> None:
    """The first steps of the wizard, up to the guest whose data are missing."""
    keyboard.enter("header a[href$='/invitations']")
    keyboard.enter("main a[href*='/invitations/new']")
    keyboard.tick("aware")
    keyboard.enter("main form .button.primary")
    keyboard.tick("installations")
    keyboard.enter("#continue")
    keyboard.type(guest_name=JOAO.name)
    keyboard.send(HTTPStatus.UNPROCESSABLE_ENTITY)  # Enter in a field
    assert keyboard.is_at("#error-summary")
    keyboard.type(guest_tax_id=JOAO.shown, guest_email=JOAO.email)
    keyboard.choose("level", "read_only")
    keyboard.send()


def test_everything_is_done_by_the_keyboard(newcomer: Newcomer) -> None:
    paulo = newcomer("Paulo")
    keyboard = Keyboard(paulo)
    register(paulo, keyboard)
    keyboard.open_mail(PAULO, "/activate/")
    keyboard.enter("#activate-submit")
    keyboard.enter("#continue")
    keyboard.type(identifier=PAULO.shown, password="no such password")
    keyboard.send(HTTPStatus.UNPROCESSABLE_ENTITY)
    assert keyboard.is_at("#error-summary")
    keyboard.type(password=PASSWORD)
    keyboard.enter("#sign-in-submit")
    assert paulo.sees(CODE)
    change_language(paulo, keyboard)
    begin_to_give_access(keyboard)
    keyboard.enter("header a[href$='/account']")
    keyboard.enter("main a[href$='/account/profile']")
    keyboard.type(mobile=PAULO.mobile)
    keyboard.send()
    keyboard.enter("header form button.link", key="Space")
    assert paulo.page.url == f"{paulo.ports.issuer}/signed-out"
