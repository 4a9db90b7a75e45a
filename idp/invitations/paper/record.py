"""What a protocol puts on record.

`Facts` never change: what was offered, by whom to whom, and the text that the inviter accepted.
`Record.fingerprint` is the SHA-256 of them, so that a paper in which a single letter was changed
is told from the true one. It covers the check code as well, which no stranger knows: nobody
finds a name out by trying names.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from idp import terms
from idp.grants.models import Extent, Level, Relation
from idp.invitations.models import Invitation
from idp.invitations.paper.codes import code_of
from idp.invitations.paper.listing import Listing
from idp.invitations.paper.situation import Situation, situation_of
from idp.terms import Terms
from idp.terms.models import TermsAcceptance


@dataclass(frozen=True, slots=True)
class Party:
    """Who: the name as it was then, and the tax id as the law lets it be shown."""

    name: str
    tax_id: str  # masked

    @property
    def initials(self) -> str:
        """Enough to compare with the paper, too little to learn the name: `M. d. S.`."""
        return " ".join(f"{word[0]}." for word in self.name.split())


@dataclass(frozen=True, slots=True)
class Facts:
    """What was offered."""

    protocol: str
    code: str
    holder: Party
    guest: Party
    relation: Relation
    level: Level
    extent: Extent
    is_passed_on: bool  # under somebody's own access, beyond which it never reaches
    installations: int  # how many; 0 when the offer is of everything
    list_sha256: str  # see `listing`; empty when the offer is of everything
    ends_at: datetime | None  # None: no end date
    sent_at: datetime
    terms: tuple[str, ...]  # version, language and SHA-256 of what the inviter accepted

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the facts as JSON: keys sorted, no white space, times in UTC."""
        text = json.dumps(
            asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_iso
        )
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That one side accepted a text."""

    terms: Terms
    by_guest: bool
    version: str
    locale: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """The facts, and all that happened since."""

    facts: Facts
    sender: Party | None  # who sent it for the holder, as called today; None: the holder
    situation: Situation
    acceptances: tuple[Acceptance, ...]


def record_of(invitation: Invitation, listing: Listing, at: datetime) -> Record:
    """All that is known of it at `at`."""
    found = terms.acceptances_of(invitation.public_id)
    accepted = tuple(_acceptance(each, invitation) for each in found)
    return Record(
        facts=_facts(invitation, listing, accepted),
        sender=_sender(invitation),
        situation=situation_of(invitation, at),
        acceptances=accepted,
    )


def _facts(invitation: Invitation, listing: Listing, accepted: tuple[Acceptance, ...]) -> Facts:
    sent_with = next((each for each in accepted if not each.by_guest), None)
    return Facts(
        protocol=invitation.protocol,
        code=code_of(invitation.public_id),
        holder=Party(invitation.holder_name, invitation.holder_tax_id.masked),
        guest=Party(invitation.guest_name, invitation.guest_tax_id.masked),
        relation=invitation.relation,
        level=invitation.level,
        extent=invitation.extent,
        is_passed_on=invitation.parent_id is not None,
        installations=listing.count,
        list_sha256=listing.sha256,
        ends_at=invitation.grant_expires_at,
        sent_at=invitation.created_at,
        terms=(sent_with.version, sent_with.locale, sent_with.sha256) if sent_with else (),
    )


def _sender(invitation: Invitation) -> Party | None:
    inviter = invitation.inviter
    sender = inviter.party if inviter else None
    if inviter is None or sender is None or sender == invitation.holder_tax_id:
        return None
    return Party(inviter.name, sender.masked)


def _acceptance(found: TermsAcceptance, invitation: Invitation) -> Acceptance:
    return Acceptance(
        terms=found.terms,
        by_guest=invitation.inviter is None or found.account != invitation.inviter.public_id,
        version=found.version,
        locale=found.locale,
        sha256=found.sha256,
        at=found.accepted_at,
    )


def _iso(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(value)
    return value.astimezone(UTC).isoformat(timespec="seconds")
