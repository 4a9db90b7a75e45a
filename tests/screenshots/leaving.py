"""The pages of closing an account: one's own, and for somebody who asked staff."""

from demo import people
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in, sign_in_staff


def marta(person: Photographer) -> None:
    """Marta looks at what would end, and closes her account."""
    sign_in(person, people.MARTA)
    person.go("/account/data", "data")
    person.go("/account/data/closing", "closing")
    person.press("#account-erase", "closing-errors")
    person.tick("understood")
    person.press("#account-erase", "closed")


def reviewer(person: Photographer, secret: str) -> None:
    """Erases an account for somebody who asked for it by letter."""
    person.go("/admin/")
    sign_in_staff(person, people.REVIEWER, secret)
    person.fill(term="Ana")
    person.press()
    person.go(person.path_of("main table a"))
    account = person.page.url
    person.go(f"{account}/erasure", "staff-erasure")
    person.press("#account-erase", "staff-erasure-errors")
    words = person.page.locator("label[for=confirmation]").inner_text().partition(":")[2].strip()
    person.fill(reason="Pedido por carta", confirmation=words)
    person.press("#account-erase", "staff-erased")
