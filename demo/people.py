"""Who and what exists in the demo. Every tax id is a well-known example; nobody is real."""

from dataclasses import dataclass

from idp.taxids import TaxId

PASSWORD = "correct horse battery staple"  # noqa: S105 - printed at start, for everybody to use


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who signs in."""

    name: str
    tax_id: str  # canonical, without the scheme
    shown: str
    email: str
    mobile: str
    scheme: str = "br:cpf"
    locale: str = "pt-BR"

    @property
    def party(self) -> TaxId:
        """The tax id as the service knows it."""
        return TaxId.parse_canonical(f"{self.scheme}:{self.tax_id}")


@dataclass(frozen=True, slots=True)
class Company:
    """A holder that never signs in: its representative does."""

    name: str
    tax_id: str  # canonical, with the scheme
    representative: Customer


@dataclass(frozen=True, slots=True)
class Part:
    """What `customer` plays; whoever has no account yet registers in the demo."""

    customer: Customer
    has: str  # what the welcome says of them
    is_registered: bool = True


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there under a market profile."""

    registry: str  # the file of installations, in this folder
    parts: tuple[Part, ...]
    companies: tuple[Company, ...] = ()

    @property
    def accounts(self) -> tuple[Customer, ...]:
        """Those who have an account from the start."""
        return tuple(part.customer for part in self.parts if part.is_registered)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff."""

    name: str
    email: str
    role: str
    totp: str  # the name of the secret in the demo's secrets


MARIA = Customer(
    "Maria da Silva", "52998224725", "529.982.247-25", "maria@example.com", "+5519998765432"
)
ANA = Customer("Ana Prado", "11144477735", "111.444.777-35", "ana@example.com", "+5511987654321")
JOAO = Customer("João Souza", "39053344705", "390.533.447-05", "joao@example.com", "+5519991234567")
BRAZIL = Cast(
    "registry.csv",
    (
        Part(MARIA, "3 installations"),
        Part(ANA, "120 installations"),
        Part(JOAO, f"registers himself: invite him as {JOAO.name}, {JOAO.email}", False),
    ),
)

MARTA = Customer(
    "Marta Soler", "12345678Z", "12345678Z", "marta@example.com", "+34600111222", "es:nif", "es"
)
GLORIA = Customer(
    "Gloria Vidal", "87654321X", "87654321X", "gloria@example.com", "+34600333444", "es:nif", "es"
)
IVAN = Customer(
    "Iván Petrov", "X1234567L", "X1234567L", "ivan@example.com", "+34600555666", "es:nie", "es"
)
COMUNIDAD_SOL = Company("Comunidad Sol SL", "es:cif:B58378431", MARTA)
SPAIN = Cast(
    "registry-es.csv",
    (
        Part(MARTA, f"1 installation, and represents {COMUNIDAD_SOL.name} with 4"),
        Part(GLORIA, "no installation: an energy manager, for Marta to authorise"),
        Part(IVAN, f"registers himself: a collaborator for Gloria to invite, {IVAN.email}", False),
    ),
    (COMUNIDAD_SOL,),
)

DEFAULT = "default"
CASTS = {DEFAULT: BRAZIL, "br-grants": BRAZIL, "es-managers": SPAIN}  # by market profile

SUPPORT = Member("Sílvia Campos", "support@example.com", "support", "SUPPORT_TOTP_SECRET")
OPERATOR = Member("Otávio Reis", "operator@example.com", "operator", "OPERATOR_TOTP_SECRET")
REVIEWER = Member("Renata Dias", "reviewer@example.com", "reviewer", "REVIEWER_TOTP_SECRET")
STAFF = (SUPPORT, REVIEWER, OPERATOR)
