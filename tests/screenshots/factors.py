"""Second factors: set up, asked for, lost, offered, removed, and kept after all."""

import time

import pyotp
from playwright.sync_api import FilePayload

from demo import people
from tests.factories.evidence import a_picture
from tests.journeys.device import Device
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import find_account, sign_in

FACTORS = "/account/security/factors"
IDENTITY_CARD: FilePayload = {
    "name": "identidade.png",
    "mimeType": "image/png",
    "buffer": a_picture(),
}
LATER = 30  # seconds: the app's next code


def ana(person: Photographer) -> None:
    """Ana adds a passkey and an app, loses both, and goes back to her password."""
    device = Device(person.page)
    sign_in(person, people.ANA)
    person.go(FACTORS, "factors-none")
    person.go("/account/confirm/factor?next=/account", "factor-offer")
    person.go("/account/security/app", "app")
    totp = pyotp.TOTP(person.page.inner_text("#secret").replace(" ", ""))
    person.fill(code="nonsense")
    person.press("#app-submit", "app-errors")
    person.fill(code=totp.now())
    person.press("#app-submit", "recovery-codes")
    person.go("/account/security/passkeys/new", "passkey-new")
    person.press("#passkey-submit")
    person.go(FACTORS, "factors")
    person.go(person.path_of("main .card a"), "passkey-rename")
    person.go("/account/security/recovery-codes", "recovery-codes-anew")
    device.answer(present=False)
    person.go("/account/confirm/passkey", "confirm-passkey")
    person.page.context.clear_cookies()
    sign_in(person, people.ANA)
    person.shoot("factor")
    person.fill(code="nonsense")
    person.press("#factor-submit", "factor-errors")
    person.go("/login/factor/lost", "factor-lost")
    person.go("/login/factor")
    person.fill(code=totp.at(time.time() + LATER))
    person.press("#factor-submit")
    person.go(FACTORS)
    person.go(person.path_of("main .card a[href$=removal]"), "passkey-removal")
    person.press("#passkey-remove")
    person.go("/account/security/app/removal", "app-removal")
    person.press("#app-remove")


def joao(person: Photographer) -> None:
    """João sets up an app, which he will lose."""
    sign_in(person, people.JOAO)
    person.go("/account/security/app")
    totp = pyotp.TOTP(person.page.inner_text("#secret").replace(" ", ""))
    person.fill(code=totp.now())
    person.press("#app-submit")


def reviewer(person: Photographer) -> None:
    """Signed in already, removes the factors of somebody who lost them."""
    find_account(person, people.JOAO)
    account = person.page.url
    person.go(f"{account}/factors", "staff-factors")
    person.press("#account-factors", "staff-factors-errors")
    person.fill(checked="Documento na agência", reason="Perdeu o telefone")
    person.page.set_input_files("[name=documents]", [IDENTITY_CARD])
    person.press("#account-factors", "staff-factors-announced")


def keeper(person: Photographer) -> None:
    """It was not João who asked."""
    person.follow_mail(people.JOAO.email, "/factors/removal/", "mail-factor-removal")
    person.shoot("factor-removal")
    person.press("#factor-keep", "factors-kept")
