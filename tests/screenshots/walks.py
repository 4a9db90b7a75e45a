"""Through all the pages: who goes where."""

import pyotp

from demo import people
from tests.screenshots.photographer import Photographer


def sign_in(person: Photographer, customer: people.Customer) -> None:
    """Through the page."""
    person.go("/login")
    person.fill(identifier=customer.shown, password=people.PASSWORD)
    person.press("#sign-in-submit")


def maria(person: Photographer) -> str:
    """Maria's own pages, and an invitation; returns its link."""
    person.go("/login", "sign-in")
    person.press("#sign-in-submit", "sign-in-errors")
    sign_in(person, people.MARIA)
    person.go("/installations", "installations")
    installation = person.path_of("main .cards a")
    person.go(installation, "installation")
    person.go("/grants", "grants-empty")
    person.go("/invitations", "invitations-empty")
    person.go("/invitations/new", "invitation-holder")
    person.tick("aware")
    person.press()
    person.tick("choice=chosen")
    person.press(name="invitation-installations")
    person.page.locator("[name=installations]").first.check()
    person.press("#continue", "invitation-guest")
    person.press(name="invitation-guest-errors")
    joao = people.JOAO
    person.fill(guest_name=joao.name, guest_tax_id=joao.shown, guest_email=joao.email)
    person.tick("level=read_only")
    person.press(name="invitation-check")
    person.tick("accept_permission_terms")
    person.press("#invitation-send", "invitation-sent")
    link = person.page.input_value("#copyable")
    person.go("/invitations", "invitations")
    person.go(person.path_of("main .cards a"), "invitation")
    number = person.page.locator("main dd").first.inner_text()
    person.go("/protocols", "protocol-check")
    person.fill(number=number)
    person.press("#protocol-check", "protocol")
    for path, name in (
        ("/help/real", "real"),
        ("/terms/platform", "terms"),
        ("/nothing", "not-found"),
    ):
        person.go(path, name)
    return link


def joao(person: Photographer, link: str) -> None:
    """João registers, activates, and accepts."""
    person.go("/activation/resend", "activation-resend")
    person.press("#resend-submit", "activation-resend-errors")
    person.go("/demo/inbox", "inbox")
    person.go(link, "invitation-stranger")
    person.page.locator("main a[href*=register]").first.click()
    person.shoot("register")
    person.press("#register-submit", "register-errors")
    guest = people.JOAO
    person.fill(tax_id=guest.shown, name=guest.name, email=guest.email)
    person.fill(password=people.PASSWORD, password_confirmation=people.PASSWORD)
    person.tick("accept_terms")
    person.press("#register-submit", "register-sent")
    person.follow_mail(guest.email, "/activate/", "mail-activation")
    person.shoot("activate")
    person.press("#activate-submit", "activated")
    sign_in(person, guest)
    person.go(link, "invitation-decide")
    person.tick("accept_permission_terms", "accept_platform_terms")
    person.press("#invitation-accept", "invitation-accepted")
    person.go("/account/proof", "proof")
    person.fill(bank_digits="9999")
    person.press("#prove-submit", "proof-wrong")
    person.go("/account", "account-declared")
    person.go("/installations", "installations-received")
    person.go("/grants?side=received", "grants-received")
    person.go(person.path_of("main .cards a"), "grant-received")
    person.go(person.path_of("main a[href$=renunciation]"), "grant-renounce")
    person.go(person.ports.application)
    person.page.locator("main a, main button").first.click()
    if person.page.locator("#consent-allow").count():
        person.press("#consent-allow")
    person.page.locator("main a[href*='/bills/']").first.click()  # is told to Maria
    person.page.wait_for_load_state()


def application(person: Photographer) -> None:
    """Maria at the example application: consent; then she revokes."""
    person.go(person.ports.application, "application")
    person.page.locator("main a, main button").first.click()
    person.fill(identifier=people.MARIA.shown, password=people.PASSWORD)
    person.press("#sign-in-submit")
    if person.page.locator("#consent-allow").count():
        person.shoot("consent")
        person.press("#consent-allow", "application-signed-in")
    person.go("/account/applications", "applications")
    person.go(person.path_of("main a[href$=withdrawal]"), "application-withdrawal")
    person.go("/oauth/logout", "logout")
    person.go("/grants", "grants")
    person.go(person.path_of("main .cards a"), "grant")
    person.go(person.path_of("main a[href$=uses]"), "grant-uses")
    person.page.go_back()
    person.go(person.path_of("main a[href$=revocation]"), "grant-revoke")
    person.press("#grant-revoke", "grant-revoked")


def staff(person: Photographer, secret: str) -> None:
    """The console, for those who help customers."""
    person.go("/admin/", "staff-sign-in")
    sign_in_staff(person, people.SUPPORT, secret)
    person.shoot("staff-home")
    person.fill(term="Maria")
    person.press(name="staff-found")
    person.go(person.path_of("main table a"), "staff-account")
    person.go(person.path_of("main a[href$=lock]"), "staff-lock")
    person.page.go_back()
    person.go(person.path_of("main a[href*='/admin/grants/']"), "staff-grant")
    person.go(person.path_of("main a[href$=uses]"), "staff-grant-uses")
    person.page.go_back()
    person.go(person.path_of("main a.button.danger"), "staff-grant-revoke")


def operator(person: Photographer, secret: str) -> None:
    """The console, for those who look after the service."""
    person.go("/admin/")
    sign_in_staff(person, people.OPERATOR, secret)
    for name in ("clients", "keys", "mails"):
        person.go(f"/admin/{name}", f"staff-{name}")


def find_account(person: Photographer, customer: people.Customer) -> None:
    """A member of staff who is signed in opens the account of a customer."""
    person.go("/admin/")
    person.fill(term=customer.shown)
    person.press()
    person.go(person.path_of("main table a"))


def sign_in_staff(person: Photographer, member: people.Member, secret: str) -> None:
    """With password and code."""
    person.fill(email=member.email, password=people.PASSWORD)
    person.press("#sign-in-submit", "staff-factor")
    person.fill(code=pyotp.TOTP(secret).now())
    person.press("#factor-submit")
