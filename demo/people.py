"""Who and what exists in the demo. Every tax id is a well-known example; nobody is real."""

from dataclasses import dataclass

PASSWORD = "correct horse battery staple"  # noqa: S105 - printed at start, for everybody to use


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who signs in."""

    name: str
    tax_id: str  # canonical, without the scheme
    shown: str
    email: str
    mobile: str


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
CUSTOMERS = (MARIA, ANA)  # João registers in the demo

SUPPORT = Member("Sílvia Campos", "support@example.com", "support", "SUPPORT_TOTP_SECRET")
OPERATOR = Member("Otávio Reis", "operator@example.com", "operator", "OPERATOR_TOTP_SECRET")
STAFF = (SUPPORT, OPERATOR)
