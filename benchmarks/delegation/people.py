"""Who is measured: five ways to see 1, 1,000 and 100,000 installations."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

SIZES = (1, 1_000, 100_000)
CLIENTS = {1: 1, 1_000: 10, 100_000: 1_000}  # of a manager with so many installations in all
SHAPES = ("owner", "delegate", "representative", "manager", "collaborator")


@dataclass(frozen=True, slots=True)
class Person:
    """`shape` says why they see `size` installations."""

    shape: str
    size: int
    tax_id: str

    @property
    def identifier(self) -> str:
        """What they sign in with."""
        return self.tax_id.rpartition(":")[2]


def everybody() -> Iterator[Person]:
    """All shapes in all sizes."""
    numbers = count(100_000_001)
    for shape in SHAPES:
        for size in SIZES:
            yield Person(shape, size, f"br:cpf:{_cpf(next(numbers))}")


def _cpf(number: int) -> str:
    """Nine digits with both check digits."""
    digits = [int(digit) for digit in str(number)]
    for length in (10, 11):
        weighted = sum(d * w for d, w in zip(digits, range(length, 1, -1), strict=True))
        digits.append(weighted * 10 % 11 % 10)
    return "".join(map(str, digits))
