"""Ana forgot nearly everything, changes his address, and undoes it; staff help out."""

from demo import people
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import find_account, sign_in

NEW = "ana.nova@example.com"


def forgetful(person: Photographer) -> None:
    """Every way back in, as far as it can be walked without the right answer."""
    ana = people.ANA
    person.go("/recover", "recover")
    person.press("#recover-submit", "recover-errors")
    person.go("/recover/email-unknown", "email-unknown")
    person.press("#recover-submit", "email-unknown-errors")
    person.fill(tax_id=ana.shown, installation_code="1")
    person.press("#recover-submit", "email-unknown-sent")
    person.go("/recover/change-email", "lost-email")
    person.press("#recover-submit", "lost-email-errors")
    person.fill(tax_id=ana.shown, password=people.PASSWORD, new_email=NEW)
    person.press("#recover-submit", "lost-email-sent")
    person.go("/recover/help", "recovery-help")
    person.follow_mail(NEW, "/email/confirmation/", "mail-email-confirmation")
    person.shoot("email-confirmation")
    person.press("#email-confirm", "email-confirmed")
    person.page.go_back()
    person.page.reload()
    person.shoot("email-link-used")
    person.follow_mail(ana.email, "/email/undo/", "mail-email-changed")
    person.shoot("email-undo")
    person.press("#email-undo", "email-undone")
    person.fill(password=people.PASSWORD, password_confirmation=people.PASSWORD)
    person.press("#reset-submit", "reset-done")
    sign_in(person, ana)
    person.go("/account/email", "email")
    person.press("#email-submit", "email-errors")
    person.fill(new_email=NEW)
    person.press("#email-submit", "email-pending")
    person.press("#email-cancel")


def support(person: Photographer) -> None:
    """Signed in already, enters an address for somebody on the telephone."""
    find_account(person, people.ANA)
    account = person.page.url
    person.go(f"{account}/email", "staff-email")
    person.press("#account-email", "staff-email-errors")
    person.fill(new_email=NEW, caller_name=people.ANA.name, caller_phone=people.ANA.mobile)
    person.fill(checked="Documento na agência", reason="Perdeu a caixa de correio")
    person.press("#account-email", "staff-email-entered")


def waiting(person: Photographer) -> None:
    """The address that staff entered is looked at too early."""
    person.follow_mail(NEW, "/email/confirmation/", "mail-email-waits")
    person.shoot("email-early")
