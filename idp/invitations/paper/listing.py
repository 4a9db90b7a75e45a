"""The installations of an invitation, as the paper counts them and the CSV file lists them.

The order is that of the bytes of distributor and code, and `Listing.sha256` is that of the lines
`distributor;code` in this order, each ended by a line feed. So the file proves itself to be the
list that the paper means: `tail -n +2 installations.csv | cut -d ';' -f 1,2 | sha256sum`.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import BigInteger, Row, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from idp.extensions import db
from idp.grants.models import Extent
from idp.invitations.cells import safe
from idp.invitations.models import Invitation, InvitationInstallation
from idp.registry.models import Installation

CHUNK = 2000
SEPARATOR = ";"  # what a spreadsheet expects where numbers have a decimal comma
PLACE = (
    Installation.distributor,
    Installation.code,
    Installation.address,
    Installation.city,
    Installation.state,
)
ORDER = (Installation.distributor.collate("C"), Installation.code.collate("C"))

Place = Row[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """How many installations, the hash of their list, and their ids in its order."""

    ids: Sequence[int]
    sha256: str  # hex; empty when the offer is of everything, now and later

    @property
    def count(self) -> int:
        """How many."""
        return len(self.ids)


def listing_of(invitation: Invitation) -> Listing:
    """What was offered one by one; it never changes. An offer of everything has no list."""
    if invitation.extent is Extent.EVERYTHING:
        return Listing((), "")
    rows = db.session.execute(
        select(Installation.id, Installation.distributor, Installation.code)
        .join(InvitationInstallation, InvitationInstallation.installation_id == Installation.id)
        .where(InvitationInstallation.invitation_id == invitation.id)
        .order_by(*ORDER)
    )
    ids, hashed = [], hashlib.sha256()
    for row_id, distributor, code in rows:
        ids.append(row_id)
        hashed.update(f"{safe(distributor)}{SEPARATOR}{safe(code)}\n".encode())
    return Listing(tuple(ids), hashed.hexdigest())


def places_of(ids: Sequence[int]) -> list[Place]:
    """Distributor, code, address, city and state of these installations, in the list's order."""
    wanted = any_(literal(list(ids), ARRAY(BigInteger)))
    query = select(*PLACE).where(Installation.id == wanted).order_by(*ORDER)
    return list(db.session.execute(query))


def csv_lines(ids: Sequence[int]) -> Iterator[str]:
    """The file, piece by piece. Between two pieces no connection to the database is held, however
    slowly the other side reads."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # tells spreadsheets that the text is UTF-8
    yield _written([[_("Distributor"), _("Code"), _("Address"), _("City"), _("State")]])
    for start in range(0, len(ids), CHUNK):
        rows = places_of(ids[start : start + CHUNK])
        db.session.commit()
        yield _written([[safe(text) for text in row] for row in rows])


def _written(rows: Sequence[Sequence[str]]) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=SEPARATOR).writerows(rows)
    return target.getvalue()
