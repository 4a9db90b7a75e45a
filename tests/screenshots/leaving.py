"""The pages of closing an account: one's own, and for somebody who asked staff."""

from demo import people
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import find_account, sign_in


def marta(person: Photographer) -> None:
    """Marta looks at what would end, and closes her account."""
    sign_in(person, people.MARTA)
    person.go("/account/data/closing", "closing")
    person.press("#account-erase", "closing-errors")
    person.tick("understood")
    person.press("#account-erase", "closed")


def reviewer(person: Photographer) -> None:
    """Signed in already, erases an account for somebody who asked for it by letter."""
    find_account(person, people.ANA)
    account = person.page.url
    person.go(f"{account}/erasure", "staff-erasure")
    person.press("#account-erase", "staff-erasure-errors")
    words = person.page.locator("label[for=confirmation]").inner_text().partition(":")[2].strip()
    person.fill(reason="Pedido por carta", confirmation=words)
    person.press("#account-erase", "staff-erased")
