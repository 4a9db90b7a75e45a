"""`idp keys reseal`: everything that is sealed at rest, sealed anew with today's key.

To change DATA_ENCRYPTION_KEY: start every process with the new one and, in
DATA_ENCRYPTION_KEY_PREVIOUS, the old one, which still opens what it sealed; run this; a day later
start them without the old one (drafts of registrations, which live less, are left as they are).
"""

from dataclasses import dataclass
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import literal, select, update

from idp import sealing
from idp.accounts.factors.models import TotpFactor
from idp.admin.models import StaffMember
from idp.evidence.models import Document
from idp.extensions import db, transaction
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.models import Client, SigningKey
from idp.oauth.subjects.models import SubjectSecret

PORTION = 50  # rows of one transaction; a document may have 10 MiB


@dataclass(frozen=True, slots=True)
class Place:
    """A column whose values are sealed, and what they are bound to."""

    name: str
    key: Any  # the primary key
    sealed: Any
    owner: Any = None  # None: text by itself; else contents bound to their row


PLACES = (
    Place("signing keys", SigningKey.kid, SigningKey.sealed_private_jwk),
    Place("pairwise subjects", SubjectSecret.id, SubjectSecret.sealed_secret),
    Place("secrets of applications", Client.id, Client.sealed_secret),
    Place("second factors", TotpFactor.id, TotpFactor.sealed_secret),
    Place("second factors of staff", StaffMember.id, StaffMember.sealed_totp_secret),
    Place("pings of applications", PendingApproval.id, PendingApproval.sealed_ping),
    Place("documents", Document.id, Document.sealed, Document.public_id),
)


@click.command("reseal")
@with_appcontext
def command() -> None:
    """Seal everything anew with DATA_ENCRYPTION_KEY; may be run again at any time."""
    for place in PLACES:
        try:
            click.echo(f"{place.name}: {reseal(place)}")
        except sealing.Unreadable as error:
            raise click.ClickException(
                f"{place.name}: sealed with neither DATA_ENCRYPTION_KEY nor its previous value"
            ) from error


def reseal(place: Place) -> int:
    """How many values of this place were under the previous key; raises `sealing.Unreadable`."""
    changed = 0
    last = None
    while True:
        with transaction():
            rows = _portion(place, last)
            changed += sum(_reseal(place, *row) for row in rows)
        if not rows:
            return changed
        last = rows[-1][0]


def _portion(place: Place, last: Any) -> list[Any]:
    """The rows after `last`, locked: nobody changes them meanwhile."""
    owner = literal("") if place.owner is None else place.owner
    rows = select(place.key, place.sealed, owner).where(place.sealed.is_not(None))
    if last is not None:
        rows = rows.where(place.key > last)
    return list(db.session.execute(rows.order_by(place.key).limit(PORTION).with_for_update()))


def _reseal(place: Place, key: Any, sealed: Any, owner: str) -> bool:
    anew: str | bytes | None
    if place.owner is None:
        anew = sealing.resealed(sealed)
    else:
        anew = sealing.resealed_content(sealed, owner=owner)
    if anew is None:
        return False
    changed = update(place.sealed.class_).where(place.key == key)
    db.session.execute(changed.values({place.sealed: anew}))
    return True
