"""Who and what exists in the demo. Every tax id is an example; nobody is real."""

from demo.cast import PASSWORD, Cast, Company, Customer, Member, Part

__all__ = ["PASSWORD", "Cast", "Company", "Customer", "Member", "Part"]

CONTRACT, CODE = "contract_number", "installation_code"
BANK, TOTAL = "bank_digits", "invoice_total"

MARIA = Customer(
    "Maria da Silva", "52998224725", "529.982.247-25", "maria@example.com", "+5519998765432"
)
ANA = Customer("Ana Prado", "11144477735", "111.444.777-35", "ana@example.com", "+5511987654321")
JOAO = Customer("João Souza", "39053344705", "390.533.447-05", "joao@example.com", "+5519991234567")
PAULO = Customer(
    "Paulo Nunes", "24681357928", "246.813.579-28", "paulo@example.com", "+5519987651234"
)
IMOVEIS = Customer(
    "Imóveis Paineira Ltda.",
    "44556677000186",
    "44.556.677/0001-86",
    "paineira@example.com",
    "+5519934567890",
    "br:cnpj",
)
MARIA_PLAYS = Part(MARIA, "3 installations")
PAULO_PLAYS = Part(PAULO, "1 installation", False, ((CODE, "3001250001"),))
AGENCY_PLAYS = Part(IMOVEIS, "as an agency, CRECI 54321-J", False)
BRAZIL = Cast(
    ("registry.csv",),
    (
        MARIA_PLAYS,
        Part(ANA, "120 installations"),
        Part(JOAO, "nothing yet: invite him by name and address", False),
    ),
)
PORTAL = Cast(
    ("registry.csv", "registry-portal.csv"),
    (MARIA_PLAYS, Part(ANA, "120 installations"), PAULO_PLAYS, AGENCY_PLAYS),
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
NURIA = Customer(
    "Núria Ferrer", "12345679S", "12345679S", "nuria@example.com", "+34600777888", "es:nif", "ca"
)
CLAIRE = Customer(
    "Claire Dubois",
    "12AB34567",
    "12AB34567 (France)",
    "claire@example.com",
    "+34600999000",
    "fr:passport",
    "en",
)
COMUNIDAD_SOL = Company("Comunidad Sol SL", "es:cif:B58378431", MARTA)
MARTA_PLAYS = Part(MARTA, f"1 installation, and represents {COMUNIDAD_SOL.name} with 4")
NURIA_PLAYS = Part(NURIA, "1 installation", False, ((BANK, "4321"), (TOTAL, "84,12")))
SPAIN = Cast(
    ("registry-es.csv",),
    (
        MARTA_PLAYS,
        Part(GLORIA, "no installation: an energy manager, for Marta to authorise"),
        Part(IVAN, "nothing yet: a collaborator for Gloria to invite", False),
        NURIA_PLAYS,
        Part(CLAIRE, "1 installation", False, ((BANK, "7788"), (TOTAL, "1.052,30"))),
    ),
    (COMUNIDAD_SOL,),
)

JONAS = Customer(
    "Jonas Petraitis",
    "304151376",
    "304151376",
    "jonas@example.com",
    "+37061234567",
    "lt:code",
    "lt",
)
RUTA = Customer(
    "Rūta Kazlauskienė",
    "123456786",
    "123456786",
    "ruta@example.com",
    "+37061234568",
    "lt:code",
    "lt",
)
TOMAS = Customer(
    "Tomas Jankauskas",
    "987654322",
    "987654322",
    "tomas@example.com",
    "+37061234569",
    "lt:code",
    "lt",
)
JONAS_PLAYS = Part(JONAS, "his bakery has 2 installations")
RUTA_PLAYS = Part(RUTA, "1 installation: is a customer", False, ((CONTRACT, "LT-2024-004417"),))
LITHUANIA = Cast(
    ("registry-lt.csv",),
    (JONAS_PLAYS, RUTA_PLAYS, Part(TOMAS, "not a customer yet", False)),
    password="Correct horse battery staple 9",  # noqa: S106 - printed at start
)

EVERYBODY = Cast(
    (*PORTAL.registries, *SPAIN.registries, *LITHUANIA.registries),
    (*BRAZIL.parts, PAULO_PLAYS, AGENCY_PLAYS, MARTA_PLAYS, NURIA_PLAYS, JONAS_PLAYS, RUTA_PLAYS),
    (COMUNIDAD_SOL,),
)

DEFAULT = "default"
CASTS = {  # by market profile
    DEFAULT: EVERYBODY,
    "br-grants": BRAZIL,
    "br-portal": PORTAL,
    "es-managers": SPAIN,
    "lt-business": LITHUANIA,
}

SUPPORT = Member("Sílvia Campos", "support@example.com", "support", "SUPPORT_TOTP_SECRET")
OPERATOR = Member("Otávio Reis", "operator@example.com", "operator", "OPERATOR_TOTP_SECRET")
REVIEWER = Member("Renata Dias", "reviewer@example.com", "reviewer", "REVIEWER_TOTP_SECRET")
STAFF = (SUPPORT, REVIEWER, OPERATOR)
