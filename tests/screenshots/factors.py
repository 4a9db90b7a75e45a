"""Second factors: set up, asked for, lost, offered and removed."""

import time

import pyotp

from demo import people
from tests.journeys.device import Device
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in

FACTORS = "/account/security/factors"
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
