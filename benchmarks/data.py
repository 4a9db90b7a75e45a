"""Who and what the measurements need in the database."""

from datetime import datetime

from benchmarks import visitor
from config import Settings
from idp import clock, create_app, migrations
from idp.accounts import passwords
from idp.accounts.models import Account, Assurance
from idp.audit import SYSTEM
from idp.extensions import db, transaction
from idp.grants import services as grants
from idp.grants.models import Extent, Level, Relation
from idp.grants.scope import Scope
from idp.identifiers import public_id
from idp.oauth import clients
from idp.registry.models import Holder, Installation, InstallationStatus
from idp.taxids import TaxId

JOAO = TaxId.parse_canonical("br:cpf:39053344705")  # lets Maria act for him
MARIA = TaxId.parse_canonical("br:cpf:52998224725")
NAME = "Maria da Silva"
INSTALLATIONS = 3
CODE = "30012345{:02}"
API = "https://api.example"  # understands who acts for whom
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
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
            maria = _add_person(MARIA, NAME, "maria@example.com", CODE)
            joao = _add_person(JOAO, "João Souza", "joao@example.com", "40012345{:02}")
            _add_grant(joao, maria)
            add_client()
            _add_acting_client()
        db.engine.dispose()


def _add_person(tax_id: TaxId, name: str, email: str, code: str) -> Account:
    at = clock.now()
    account = _account(tax_id, name, email, at)
    db.session.add(account)
    db.session.add(
        Holder(
            tax_id=tax_id,
            name=name,
            installation_count=INSTALLATIONS,
            version=1,
            updated_at=at,
        )
    )
    db.session.flush()
    db.session.add_all(
        _installation(tax_id, code.format(number), at) for number in range(INSTALLATIONS)
    )
    return account


def _account(tax_id: TaxId, name: str, email: str, at: datetime) -> Account:
    return Account(
        public_id=public_id("a"),
        tax_id=tax_id,
        name=name,
        email=email,
        landline="",
        mobile="",
        locale="pt-BR",
        password_hash=passwords.hash_password(visitor.PASSWORD),
        assurance=Assurance.PROVEN,
        activated_at=at,
        password_changed_at=at,
    )


def _installation(holder: TaxId, code: str, at: datetime) -> Installation:
    return Installation(
        distributor="elektro",
        code=code,
        holder_tax_id=holder,
        address="Rua das Flores, 10",
        city="Campinas",
        state="SP",
        postal_code="13010-000",
        segment="low_voltage",
        status=InstallationStatus.ACTIVE,
        updated_at=at,
    )


def _add_grant(holder: Account, to: Account) -> None:
    scope = Scope(holder.tax_id, Relation.DELEGATE, Level.READ_ONLY, Extent.EVERYTHING)
    grants.issue(scope, granted_by=holder, to=to, at=clock.now())


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


def _add_acting_client() -> None:
    """One that acts for holders at `API`, and the API itself."""
    acting = clients.ClientMetadata(
        client_name="Benchmark, acting",
        redirect_uris=(visitor.REDIRECT_URI,),
        grant_types=("authorization_code", TOKEN_EXCHANGE),
        scope=visitor.SCOPE.replace(" offline_access", ""),
        resources=(API,),
    )
    api = clients.ClientMetadata(
        client_name="Benchmark, API",
        grant_types=("client_credentials",),
        response_types=(),
        resources=(API,),
        introspect=True,
        act_aware=True,
    )
    for metadata, client_id in (
        (acting, visitor.ACTING_CLIENT_ID),
        (api, f"{visitor.CLIENT_ID}-api"),
    ):
        clients.register(
            metadata,
            first_party=True,
            by=SYSTEM,
            at=clock.now(),
            client_id=client_id,
            secret=visitor.CLIENT_SECRET,
        )
