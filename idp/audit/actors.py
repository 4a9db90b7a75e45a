"""Who does something: a person, a member of staff, an application or the service itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """`str(actor)` is what the trail keeps: `account:a_8Zk…`, `staff:t_…`, `system:worker`."""

    kind: Literal["account", "staff", "client", "system"]
    reference: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.reference}"


SYSTEM = Actor("system", "worker")
OPERATOR = Actor("system", "operator")  # whoever gives a command
