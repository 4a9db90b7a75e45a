"""`python -m tests.journeys.many`: a person with more installations than anybody would tick."""

from demo.data import ensure_account
from demo.people import PASSWORD, Customer
from idp import clock, create_app
from idp.extensions import transaction
from idp.registry.importing import import_rows
from idp.registry.rows import BadRow

MANY = 100_000
FIRST = 4_000_000_001
PAULA = Customer(
    "Paula Lima", "22233344405", "222.333.444-05", "paula@example.com", "+5511981234567"
)
ROW = {
    "distributor": "elektro",
    "holder": str(PAULA.party),
    "holder_name": PAULA.name,
    "city": "Campinas",
    "state": "SP",
    "postal_code": "13010-000",
    "segment": "low_voltage",
    "status": "active",
}


def refuse(line: int, problem: BadRow) -> None:
    """No row is."""
    raise ValueError(f"{line}: {problem}")


def main() -> None:
    """Import them as the nightly file would, and give Paula an account."""
    rows = (
        (number, {**ROW, "code": str(FIRST + number), "address": f"Rua das Flores, {number}"})
        for number in range(MANY)
    )
    with create_app().app_context(), transaction():
        import_rows(rows, report=refuse, at=clock.now())
        ensure_account(PAULA, PASSWORD, clock.now())


if __name__ == "__main__":
    main()
