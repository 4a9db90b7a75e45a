"""`python -m demo.data`: the installations, people, staff and clients of the demo, made once.

Every step looks first whether its result is there, so a second run changes nothing.
"""

import csv
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from demo import people
from demo.settings import BATCH_CLIENT, EXAMPLE_CLIENT
from idp import clock, create_app, sealing
from idp.accounts import lookup, passwords
from idp.accounts.models import Account, Assurance
from idp.admin import members
from idp.admin.models import Role
from idp.audit import Actor
from idp.extensions import db, transaction
from idp.grants import acting
from idp.grants import services as grants
from idp.grants.models import Extent, Level, Relation
from idp.grants.scope import Scope
from idp.identifiers import public_id
from idp.oauth import caching, clients
from idp.oauth.clients import ClientMetadata
from idp.oauth.models import Client
from idp.registry.files import Format, read
from idp.registry.importing import import_rows
from idp.registry.models import Holder
from idp.registry.rows import BadRow
from idp.taxids import TaxId

FOLDER = Path(__file__).parent
SEEDING = Actor("system", "demo")
SCOPE = "openid profile email phone tax_id assurance grants grant_uses offline_access"


def seed(at: datetime) -> None:
    """Make what is missing of the people of this market profile."""
    cast = people.CASTS[current_app.config["IDP_PROFILE"]]
    for registry in cast.registries:
        ensure_registry(FOLDER / registry, at)
    for customer in cast.accounts:
        ensure_account(customer, cast.password, at)
    for company in cast.companies:
        ensure_representative(company, at)
    for member in people.STAFF:
        ensure_member(member, cast.password, os.environ[member.totp], at)
    for client_id, metadata in applications(os.environ["APPLICATION"]).items():
        ensure_client(client_id, metadata, os.environ[SECRETS[client_id]], at)


def applications(example: str) -> Mapping[str, ClientMetadata]:
    """The clients by their id; `example` is the public address of the example application."""
    return {
        EXAMPLE_CLIENT: ClientMetadata(
            client_name="Segunda via",
            client_uri=example,
            redirect_uris=(f"{example}/callback",),
            post_logout_redirect_uris=(f"{example}/",),
            scope=SCOPE,
            single_holder=True,
            introspect=True,
        ),
        BATCH_CLIENT: ClientMetadata(
            client_name="Nightly batch", grant_types=("client_credentials",), scope="grants"
        ),
    }


SECRETS = {EXAMPLE_CLIENT: "SEGUNDA_VIA_CLIENT_SECRET", BATCH_CLIENT: "BATCH_CLIENT_SECRET"}


def ensure_registry(path: Path, at: datetime) -> None:
    """The installations of the file, as `idp registry import` would bring them in."""
    if knows_holders(path):
        return

    def refuse(line: int, problem: BadRow) -> None:
        raise ValueError(f"{path.name}:{line}: {problem}")

    with path.open("rb") as file:
        import_rows(read(file, Format.CSV), report=refuse, at=at)


def knows_holders(path: Path) -> bool:
    """Whether the file was imported: its first holder is in the registry."""
    with path.open(newline="") as file:
        holder = TaxId.parse_canonical(next(csv.DictReader(file))["holder"])
    return db.session.get(Holder, holder) is not None


def ensure_client(client_id: str, metadata: ClientMetadata, secret: str, at: datetime) -> None:
    """A client; it follows when the demo moves to another port or learns something new."""
    row = db.session.scalar(select(Client).where(Client.client_id == client_id))
    if row is None:
        clients.register(metadata, by=SEEDING, at=at, client_id=client_id, secret=secret)
    elif ClientMetadata.from_json(row.metadata_) != metadata:
        row.metadata_ = metadata.as_json()
        caching.changed()


def ensure_account(customer: people.Customer, password: str, at: datetime) -> None:
    """An activated account that has proven which installations are its own."""
    tax_id = customer.party
    if db.session.scalar(select(Account.id).where(Account.tax_id == tax_id)) is not None:
        return
    account = Account(
        public_id=public_id("a"),
        tax_id=tax_id,
        name=customer.name,
        email=customer.email,
        landline="",
        mobile=customer.mobile,
        locale=customer.locale,
        password_hash=passwords.hash_password(password),
        assurance=Assurance.PROVEN,
        activated_at=at,
        password_changed_at=at,
    )
    db.session.add(account)
    db.session.flush()


def ensure_representative(company: people.Company, at: datetime) -> None:
    """Somebody who acts for the company, as staff's approval would have it."""
    holder = TaxId.parse_canonical(company.tax_id)
    account = lookup.find_by_tax_id(company.representative.party)
    if account is None or acting.representatives_of(holder, at):
        return
    scope = Scope(holder, Relation.REPRESENTATIVE, Level.FULL, Extent.EVERYTHING)
    grants.issue(scope, granted_by=None, to=account, at=at)


def ensure_member(member: people.Member, password: str, totp_secret: str, at: datetime) -> None:
    """A member of staff whose second factor is the one that the demo prints."""
    if members.find_by_email(member.email) is not None:
        return
    made, _ = members.create(
        email=member.email,
        name=member.name,
        role=Role(member.role),
        password=password,
        at=at,
    )
    made.sealed_totp_secret = sealing.seal(totp_secret)


def main() -> None:
    """Seed the database of the environment's settings."""
    with create_app().app_context(), transaction():
        seed(clock.now())


if __name__ == "__main__":
    main()
