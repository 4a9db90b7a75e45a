"""Who and what the measurements need in the database."""

from datetime import datetime

from benchmarks import visitor
from config import Settings
from idp import clock, create_app, migrations
from idp.accounts import passwords
from idp.accounts.models import Account, Assurance
from idp.audit import SYSTEM
from idp.extensions import db, transaction
from idp.identifiers import public_id
from idp.oauth import clients
from idp.registry.models import Holder, Installation, InstallationStatus
from idp.taxids import TaxId

MARIA = TaxId.parse_canonical("br:cpf:52998224725")
NAME = "Maria da Silva"
INSTALLATIONS = 3
CODE = "30012345{:02}"
QUESTION = {
    "subject": {"type": "user", "id": str(MARIA)},
    "action": {"name": "write"},
    "resource": {"type": "installation", "id": CODE.format(1)},
}


def load(settings: Settings) -> None:
    """Migrate and add one person with installations, and one client with every grant type."""
    app = create_app(settings)
    with app.app_context():
        migrations.apply(db.engine)
        with transaction():
            _add_person()
            add_client()
        db.engine.dispose()


def _add_person() -> None:
    at = clock.now()
    db.session.add(_account(at))
    db.session.add(
        Holder(
            tax_id=MARIA,
            name=NAME,
            installation_count=INSTALLATIONS,
            version=1,
            updated_at=at,
        )
    )
    db.session.flush()
    db.session.add_all(_installation(number, at) for number in range(INSTALLATIONS))


def _account(at: datetime) -> Account:
    return Account(
        public_id=public_id("a"),
        tax_id=MARIA,
        name=NAME,
        email="maria@example.com",
        landline="",
        mobile="",
        locale="pt-BR",
        password_hash=passwords.hash_password(visitor.PASSWORD),
        assurance=Assurance.PROVEN,
        activated_at=at,
        password_changed_at=at,
    )


def _installation(number: int, at: datetime) -> Installation:
    return Installation(
        distributor="elektro",
        code=CODE.format(number),
        holder_tax_id=MARIA,
        address="Rua das Flores, 10",
        city="Campinas",
        state="SP",
        postal_code="13010-000",
        segment="low_voltage",
        status=InstallationStatus.ACTIVE,
        updated_at=at,
    )


def add_client() -> None:
    """The one client, which may do everything."""
    metadata = clients.ClientMetadata(
        client_name="Benchmark",
        redirect_uris=(visitor.REDIRECT_URI,),
        grant_types=("authorization_code", "refresh_token", "client_credentials"),
        scope=visitor.SCOPE,
        id_token_signed_response_alg="ES256",  # noqa: S106 - an algorithm
        introspect=True,
    )
    clients.register(
        metadata,
        first_party=True,
        by=SYSTEM,
        at=clock.now(),
        client_id=visitor.CLIENT_ID,
        secret=visitor.CLIENT_SECRET,
    )
