"""`Access`: one reason why a person may see installations, and which."""

from dataclasses import dataclass
from datetime import datetime

from idp.grants.models import Level, Relation
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Access:
    """What one grant, or being the holder, lets a person do at the moment it was asked for."""

    relation: Relation
    holder: TaxId
    level: Level
    installations: tuple[str, ...]  # codes; none when there are more than was asked for
    grant_id: str | None  # None: one's own installations
    grant_chain: tuple[str, ...]  # public ids of every link from the holder down
    expires_at: datetime | None  # None: no end
    count: int  # how many installations in all
    narrowed_to: tuple[str, ...] | None = None  # actions asked for; None: all that level allows

    @property
    def actions(self) -> list[str]:
        """What may be done, in the words of `authorization_details` (RFC 9396 section 2.2)."""
        allowed = self.level.actions
        if self.narrowed_to is None:
            return allowed
        return [action for action in allowed if action in self.narrowed_to]

    @property
    def is_complete(self) -> bool:
        """Whether `installations` names all of them."""
        return len(self.installations) == self.count
