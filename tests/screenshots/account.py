"""One's own account: what it says, and everything about it that can be changed or taken along."""

from demo import people
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in

PAGES = (
    ("/account/security", "security"),
    ("/account/sessions", "sessions"),
    ("/account/sessions/others", "sessions-others"),
    ("/account/activity", "activity"),
    ("/account/kind", "kind-none"),
    ("/account/profile/language", "language"),
    ("/account/terms", "accepted-terms-one"),
    ("/account/data", "data"),
    ("/account/data/export", "export"),
)


def maria(person: Photographer) -> None:
    """Maria, from the overview to each page it leads to."""
    sign_in(person, people.MARIA)
    person.go("/account", "account")
    for path, name in PAGES:
        person.go(path, name)
    person.press("#export-submit", "export-errors")
    person.go("/account/profile", "phones")
    person.fill(mobile="12")
    person.press("#phones-submit", "phones-errors")
    person.fill(mobile=people.MARIA.mobile, landline="(19) 3441-2345")
    person.press("#phones-submit", "phones-changed")
    person.go("/account/security/password", "password")
    person.press("#password-submit", "password-errors")
    person.fill(current_password=people.PASSWORD)
    person.fill(password="Outra bateria 7 cavalos", password_confirmation="Outra bateria 7 cavalos")
    person.press("#password-submit", "password-changed")
    person.go("/account/security/password")
    person.fill(current_password="Outra bateria 7 cavalos")
    person.fill(password=people.PASSWORD, password_confirmation=people.PASSWORD)
    person.press("#password-submit")


def joao(person: Photographer) -> None:
    """João, who accepted terms, and whose sign-in is a while ago by now."""
    sign_in(person, people.JOAO)
    person.go("/account/terms", "accepted-terms")
    person.go(person.path_of("main .cards a"), "accepted-text")
    person.go("/account/confirm?next=/account", "confirm")
    person.press("#confirm-submit", "confirm-errors")
    person.press("header form button.link", "signed-out")
