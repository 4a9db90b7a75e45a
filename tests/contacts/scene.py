"""Marta represents Acme; Gloria manages for holders; Ivan is to work for her."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants.models import Grant, Level, Relation
from idp.invitations.models import Invitation
from idp.mail.models import Mail
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.browsing import post
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings

MARIA, GLORIA, IVAN = "br:cpf:52998224725", "br:cpf:39053344705", "br:cpf:11144477735"
CARLA = "br:cpf:12345678909"
ACME = TaxId.parse_canonical("br:cnpj:11222333000181")
LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
IVAN_TYPED = {
    "guest_name": "Ivan Petrov",
    "guest_tax_id": "111.444.777-35",
    "guest_email": "ivan@example.com",
}


def maria() -> Account:
    """A holder."""
    return an_account(MARIA)


def gloria() -> Account:
    """Will manage for others."""
    return an_account(GLORIA, "Gloria Vidal", "gloria@example.com", assurance=Assurance.DECLARED)


def ivan() -> Account:
    """Will collaborate."""
    return an_account(IVAN, "Ivan Petrov", "ivan@example.com", assurance=Assurance.DECLARED)


def carla() -> Account:
    """Somebody else."""
    return an_account(CARLA, "Carla Dias", "carla@example.com")


def acme(representative: Account, installations: int = 2) -> Grant:
    """A company that `representative` acts for."""
    a_holder(ACME, "Acme Ltda")
    holdings(ACME, installations)
    return a_representation(ACME, representative)


class Client:
    """A holder for whom somebody manages."""

    def __init__(
        self,
        manager: Account,
        number: int,
        *,
        level: Level = Level.FULL,
        everything: bool = True,
        expires_at: datetime | None = None,
    ) -> None:
        name = f"Client {number:03}"
        tax_id = f"es:nif:{number:08}{LETTERS[number % 23]}"
        self.holder = an_account(tax_id, name, f"client{number}@example.com")
        a_holder(tax_id, name)
        self.held: list[Installation] = holdings(tax_id, 3)
        self.grant = a_grant(
            self.holder,
            manager,
            None if everything else self.held[:2],
            level=level,
            relation=Relation.MANAGER,
            expires_at=expires_at,
        )


def a_collaborator(
    client: Client, to: Account, *, level: Level = Level.READ_ONLY, **more: object
) -> Grant:
    """Whoever manages for the client lets `to` work on everything there."""
    manager = client.grant.grantee
    return a_grant(
        manager,
        to,
        None,
        parent=client.grant,
        relation=Relation.COLLABORATOR,
        level=level,
        **more,  # type: ignore[arg-type]
    )


def text_of(response: TestResponse) -> str:
    """All of the page."""
    return response.get_data(as_text=True)


def sent() -> list[Invitation]:
    """Every invitation, in order."""
    db.session.expire_all()
    return list(db.session.scalars(select(Invitation).order_by(Invitation.id)))


def mails(template: str) -> list[Mail]:
    """Every mail of this kind."""
    return list(db.session.scalars(select(Mail).where(Mail.template == template)))


def go_to(client: FlaskClient, response: TestResponse, **data: object) -> TestResponse:
    """Fill in the page to which `response` leads, and post it."""
    return post(client, response.location, data)


def with_depth(app: Flask, depth: int) -> None:
    """Chains of at most so many links."""
    app.config["DELEGATION_DEPTH"] = depth
