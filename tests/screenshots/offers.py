"""What becomes of invitations of every kind: the pages, and `python -m tests.screenshots.offers`,
which makes what they show."""

from datetime import datetime

from demo import people
from demo.data import ensure_account
from idp import clock, create_app
from idp.accounts.lookup import find_by_tax_id
from idp.accounts.models import Account
from idp.extensions import db, transaction
from idp.grants import services as grants
from idp.grants.models import Extent, Grant, Level, Relation
from idp.grants.scope import Scope
from idp.invitations.sending import Guest, send, send_together
from idp.registry.models import Installation, InstallationStatus
from idp.taxids import TaxId
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in

AGENCY = people.Customer(
    "Gestora Horizonte", "66677788830", "666.777.888-30", "horizonte@example.com", "+5511970000001"
)
BRUNO = people.Customer(
    "Bruno Reis", "44455566619", "444.555.666-19", "bruno@example.com", "+5511987651234"
)
COMPANY = TaxId.parse_canonical("br:cnpj:12ABC34501DE35")


def bruno(person: Photographer) -> None:
    """Bruno, whom an agency makes its collaborator for two clients at once."""
    person.follow_mail(BRUNO.email, "/invitations/", "mail-invitation-together")
    person.shoot("invitation-stranger-together")
    link = person.page.url
    sign_in(person, people.MARIA)
    person.go(link, "invitation-for-another")
    person.page.locator("#other-account").click()
    person.fill(identifier=BRUNO.shown, password=people.PASSWORD)
    person.press("#sign-in-submit", "invitation-decide-together")
    person.go(person.path_of("main a[href$='/installations']"), "invitation-offered-installations")
    person.page.go_back()
    person.tick("accept_permission_terms", "accept_platform_terms")
    person.press("#invitation-accept", "invitation-accepted-together")


def ana_represents(person: Photographer) -> None:
    """Ana, who represents a company from now on, and has several kinds of installations."""
    person.follow_mail(people.ANA.email, "/invitations/", "mail-invitation-representative")
    person.shoot("invitation-stranger-representative")
    person.page.locator("main a[href*='/login']").first.click()
    person.fill(identifier=people.ANA.shown, password=people.PASSWORD)
    person.press("#sign-in-submit", "invitation-decide-representative")
    person.tick("accept_permission_terms", "accept_platform_terms")
    person.press("#invitation-accept", "invitation-accepted-representative")
    person.go("/invitations/new", "invitation-segment")
    person.tick("segment=all")
    person.press("main form .button.primary", "invitation-holders")
    person.page.get_by_label(people.ANA.name).check()
    person.tick("aware")
    person.press(name="invitation-choice")
    person.tick("choice=everything")
    person.press()
    joao = people.JOAO
    person.fill(guest_name=joao.name, guest_tax_id=joao.shown, guest_email=joao.email)
    person.tick("level=full")
    person.press(name="invitation-check-everything")


def agency(person: Photographer) -> None:
    """The agency, at what it sent."""
    sign_in(person, AGENCY)
    person.go("/invitations", "invitations-given-on")
    sent = person.path_of("main .cards a")
    person.go(sent, "invitation-given-on")


def main() -> None:
    """An agency that manages for Maria and for Ana, and invites Bruno; Ana is to represent a
    company; and one of her installations is of another kind."""
    with create_app().app_context(), transaction():
        at = clock.now()
        for customer in (AGENCY, BRUNO):
            ensure_account(customer, people.PASSWORD, at)
        horizonte = account_of(AGENCY)
        parents = [manager(horizonte, of=each, at=at) for each in (people.MARIA, people.ANA)]
        scopes = [
            Scope(
                each.holder_tax_id,
                Relation.COLLABORATOR,
                Level.READ_ONLY,
                Extent.EVERYTHING,
                parent=each,
            )
            for each in parents
        ]
        send_together(
            Guest(BRUNO.name, BRUNO.party, BRUNO.email),
            [(scope, ()) for scope in scopes],
            inviter=horizonte,
            locale="pt-BR",
            at=at,
        )
        send(
            Guest(people.ANA.name, people.ANA.party, people.ANA.email),
            Scope(COMPANY, Relation.REPRESENTATIVE, Level.FULL, Extent.EVERYTHING),
            inviter=None,
            locale="pt-BR",
            at=at,
        )
        add_another_kind(at)


def account_of(customer: people.Customer) -> Account:
    """It was made before."""
    found = find_by_tax_id(customer.party)
    assert found is not None
    return found


def manager(account: Account, *, of: people.Customer, at: datetime) -> Grant:
    """Over everything, in full."""
    scope = Scope(of.party, Relation.MANAGER, Level.FULL, Extent.EVERYTHING)
    return grants.issue(scope, granted_by=account_of(of), to=account, at=at)


def add_another_kind(at: datetime) -> None:
    """As the nightly file would."""
    db.session.add(
        Installation(
            distributor="elektro",
            code="3002999001",
            holder_tax_id=people.ANA.party,
            address="Rodovia SP-147, km 12",
            city="Limeira",
            state="SP",
            postal_code="13480-182",
            segment="medium_voltage",
            status=InstallationStatus.ACTIVE,
            updated_at=at,
        )
    )


if __name__ == "__main__":
    main()
