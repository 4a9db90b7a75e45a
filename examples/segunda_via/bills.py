"""The bills: made up from the installation's code, the same every time."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 3
DUE_DAY = 15


@dataclass(frozen=True)
class Bill:
    """One month's bill; `cents` is the amount in centavos."""

    number: str
    due: date
    kwh: int
    cents: int

    @property
    def amount(self) -> str:
        """In reais, as written in Brazil."""
        return f"R$ {self.cents // 100},{self.cents % 100:02}"


def bills_of(installation: str, today: date) -> list[Bill]:
    """The latest bills, newest first."""
    due = today.replace(day=DUE_DAY)
    bills = []
    for _ in range(MONTHS):
        seed = hashlib.sha256(f"{installation}:{due:%Y-%m}".encode()).digest()
        kwh = 90 + int.from_bytes(seed[:2], "big") % 260
        bills.append(Bill(f"{installation}-{due:%Y%m}", due, kwh, kwh * 92 + seed[2]))
        due = (due.replace(day=1) - timedelta(days=1)).replace(day=DUE_DAY)
    return bills


def shown(tax_id: str) -> str:
    """`br:cpf:52998224725` as people write it: `CPF 529.982.247-25`."""
    _country, scheme, value = tax_id.split(":")
    if scheme == "cpf":
        value = f"{value[:3]}.{value[3:6]}.{value[6:9]}-{value[9:]}"
    if scheme == "cnpj":
        value = f"{value[:2]}.{value[2:5]}.{value[5:8]}/{value[8:12]}-{value[12:]}"
    return f"{scheme.upper()} {value}"
