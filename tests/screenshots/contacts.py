"""Contacts of a company, clients and collaborators of its manager: the pages, and
`python -m tests.screenshots.contacts`, which makes what they show."""

from typing import Any

from demo import people
from demo.data import ensure_account
from idp import clock, create_app
from idp.accounts.lookup import find_by_tax_id
from idp.accounts.models import Account
from idp.extensions import db, transaction
from idp.grants import services as grants
from idp.grants.models import Extent, Grant, Level, Relation
from idp.grants.scope import Scope
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in

LAIA = people.Customer(
    "Laia Puig", "11111111H", "11111111H", "laia@example.com", "+34600777888", "es:nif", "es"
)
OSCAR = people.Customer(
    "Òscar Martí", "22222222J", "22222222J", "oscar@example.com", "+34600999000", "es:nif", "es"
)
SOL = TaxId.parse_canonical(people.COMUNIDAD_SOL.tax_id)


def holder(person: Photographer) -> None:
    """Marta, at the contacts of the company: one more, another role, the chain below one."""
    sign_in(person, people.MARTA)
    person.go("/account", "account-contacts")
    person.go("/account/contacts", "contacts-whose")
    person.page.get_by_role("link", name=people.COMUNIDAD_SOL.name).first.click()
    person.shoot("contacts")
    contacts = person.page.url
    person.page.locator("main a.primary").click()
    person.press(name="contact-role-errors")
    person.tick("role=full")
    person.press()
    person.press(name="contact-person-errors")
    guest = people.IVAN
    person.fill(guest_name=guest.name, guest_tax_id=guest.shown, guest_email=guest.email)
    person.press(name="contact-check")
    person.tick("accept_permission_terms")
    person.press("#invitation-send", "contact-sent")
    person.go(contacts, "contacts-awaiting")
    person.page.get_by_role("link", name=people.GLORIA.name).first.click()
    person.shoot("grant-manager")
    manager = person.page.url
    person.go(f"{manager}/level", "grant-level")
    person.go(f"{manager}/revocation", "grant-revoke-everything")
    person.go(f"{manager}/chain", "grant-chain")
    person.go("/grants", "grants-for-several")


def manager(person: Photographer) -> None:
    """Gloria, who manages for two, and makes Iván a collaborator."""
    sign_in(person, people.GLORIA)
    person.go("/account/clients", "clients")
    person.go("/account/collaborators", "collaborators")
    person.page.locator("main .cards a").first.click()
    person.shoot("collaborator")
    person.go(person.path_of("main a.danger"), "collaborator-removal")
    person.go("/account/collaborators/new", "collaborator-person")
    guest = people.IVAN
    person.fill(guest_name=guest.name, guest_tax_id=guest.shown, guest_email=guest.email)
    person.press(name="collaborator-clients")
    person.press("#continue", "collaborator-clients-errors")
    person.press("#select-all", "collaborator-clients-all")
    person.press("#select-all-confirm", "collaborator-access-together")
    person.page.locator("a.back").click()
    person.page.locator("[name=clients]").last.uncheck()
    person.press("#continue", "collaborator-access")
    person.tick("level=read_only", "extent=chosen")
    person.press(name="collaborator-installations")
    person.page.locator("[name=installations]").first.check()
    person.press("#continue", "collaborator-check")
    person.tick("accept_permission_terms")
    person.press("#invitation-send", "collaborator-sent")


def collaborator(person: Photographer) -> None:
    """Laia, who collaborates: what she received, and from whom it comes."""
    sign_in(person, LAIA)
    person.go("/grants?side=received", "grants-received-through")
    person.go(person.path_of("main .cards a"), "grant-collaborator")
    person.go("/account/collaborators/new", "collaborator-refused")


def main() -> None:
    """Gloria manages for Marta and for her company, and Laia works there for her; Òscar was a
    contact."""
    with create_app().app_context(), transaction():
        at = clock.now()
        for customer in (people.GLORIA, LAIA, OSCAR):
            ensure_account(customer, people.PASSWORD, at)
        marta, gloria = account_of(people.MARTA), account_of(people.GLORIA)
        laia, oscar = account_of(LAIA), account_of(OSCAR)
        own = give(marta, gloria, marta.tax_id, Relation.MANAGER)
        sol = give(marta, gloria, SOL, Relation.MANAGER)
        for client in (own, sol):
            give(gloria, laia, client.holder_tax_id, Relation.COLLABORATOR, parent=client)
        contact = give(marta, oscar, SOL, Relation.DELEGATE)
        grants.revoke(contact, by=marta.actor, at=clock.now())
        give(marta, oscar, SOL, Relation.DELEGATE)
        first = db.session.query(Installation).filter_by(holder_tax_id=SOL).first()
        assert first is not None
        grants.revoke_installations(sol, [first.id], by=marta.actor, at=clock.now())


def give(by: Account, to: Account, holder: TaxId, relation: Relation, **more: Any) -> Grant:
    """Everything of this holder, in full."""
    scope = Scope(holder, relation, Level.FULL, Extent.EVERYTHING, **more)
    return grants.issue(scope, granted_by=by, to=to, at=clock.now())


def account_of(customer: people.Customer) -> Account:
    """It was made before."""
    found = find_by_tax_id(customer.party)
    assert found is not None
    return found


if __name__ == "__main__":
    main()
