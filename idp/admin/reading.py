"""What the console's pages show about one account, grant or invitation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from idp.accounts.models import Account
from idp.admin.models import StaffMember
from idp.admin.newest import PER_PAGE, Newest, newest, way
from idp.admin.search import INVITER, PARTIES
from idp.audit import history_of
from idp.audit.models import AuditEvent
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import ledger
from idp.grants.models import Grant
from idp.invitations.models import Invitation, InvitationInstallation
from idp.registry.models import Installation
from idp.taxids import TaxId

Subject = Literal["account", "invitation", "grant", "client"]


@dataclass(frozen=True, slots=True)
class History:
    """Events newest first, who acted in each, and where the list goes on."""

    events: Sequence[AuditEvent]
    names: dict[str, str]
    older: int | None


def get_account(public_id: str) -> Account:
    """Raises NotFound."""
    found = db.session.scalar(select(Account).where(Account.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def get_grant(public_id: str) -> Grant:
    """With holder and both parties; raises NotFound."""
    found = db.session.scalar(select(Grant).where(Grant.public_id == public_id).options(*PARTIES))
    if found is None:
        raise NotFound
    return found


def get_invitation(public_id: str) -> Invitation:
    """With holder, inviter and grant; raises NotFound."""
    found = db.session.scalar(
        select(Invitation)
        .where(Invitation.public_id == public_id)
        .options(
            *INVITER, joinedload(Invitation.holder, innerjoin=True), joinedload(Invitation.grant)
        )
    )
    if found is None:
        raise NotFound
    return found


def find_account_of(tax_id: TaxId) -> Account | None:
    """The account that this party has, if any."""
    return db.session.scalar(select(Account).where(Account.tax_id == tax_id))


def grants_given(
    account: Account, *, before: int | None = None, limit: int = PER_PAGE
) -> Newest[Grant]:
    """Those on this party's installations, and those given by this person for somebody else."""
    ways = [
        way(Grant.id, Grant.holder_tax_id == account.tax_id),
        way(Grant.id, Grant.granted_by_id == account.id),
    ]
    return newest(Grant, ways, options=PARTIES, before=before, limit=limit)


def grants_received(
    account: Account, *, before: int | None = None, limit: int = PER_PAGE
) -> Newest[Grant]:
    """Those that let this person act for others."""
    ways = [way(Grant.id, Grant.grantee_id == account.id)]
    return newest(Grant, ways, options=PARTIES, before=before, limit=limit)


def invitations_of(
    account: Account, *, before: int | None = None, limit: int = PER_PAGE
) -> Newest[Invitation]:
    """Those this person sent, those on their installations and those made out to them."""
    ways = [
        way(Invitation.id, Invitation.inviter_id == account.id),
        way(Invitation.id, Invitation.holder_tax_id == account.tax_id),
        way(Invitation.id, Invitation.guest_tax_id == account.tax_id),
    ]
    return newest(Invitation, ways, options=INVITER, before=before, limit=limit)


def count_installations(grant: Grant, *, live: bool = False) -> int:
    """How many the grant has ever covered, or covers now; of everything, what the holder has."""
    return ledger.count_of(ledger.covered(grant, only_live=live))


def installations_of(
    grant: Grant, *, offset: int, limit: int, live: bool = False
) -> Sequence[ledger.Line]:
    """A page of what the grant covers, in a stable order; ended ones unless `live`."""
    query = ledger.covered(grant, only_live=live)
    return ledger.installations_of(query, offset=offset, limit=limit)


def count_offered(invitation: Invitation) -> int:
    """How many installations are on offer."""
    query = select(func.count()).where(InvitationInstallation.invitation_id == invitation.id)
    return db.session.scalar(query) or 0


def offered(invitation: Invitation, *, offset: int, limit: int) -> list[Installation]:
    """A page of the installations on offer, in a stable order."""
    return list(
        db.session.scalars(
            select(Installation)
            .join(InvitationInstallation, InvitationInstallation.installation_id == Installation.id)
            .where(InvitationInstallation.invitation_id == invitation.id)
            .order_by(InvitationInstallation.installation_id)
            .offset(offset)
            .limit(limit)
        )
    )


def history(
    subject: Subject, reference: str, *, before: int | None = None, limit: int = PER_PAGE
) -> History:
    """What happened to one thing, with the names of who did it."""
    return with_names(history_of(subject, reference, limit=limit + 1, before=before), limit)


def with_names(events: Sequence[AuditEvent], limit: int) -> History:
    """The first `limit` of the events; one more than that says that the list goes on."""
    shown = events[:limit]
    older = shown[-1].id if len(events) > limit else None
    return History(shown, _names({event.actor for event in shown}), older)


def _names(actors: Iterable[str]) -> dict[str, str]:
    """Names of people by actor, in at most two statements; `staff:t_…` and `account:a_…`."""
    names: dict[str, str] = {}
    models: tuple[tuple[str, type[StaffMember] | type[Account]], ...] = (
        ("staff", StaffMember),
        ("account", Account),
    )
    wanted = list(actors)
    for kind, model in models:
        ids = [actor.partition(":")[2] for actor in wanted if actor.startswith(f"{kind}:")]
        if ids:
            rows = db.session.execute(
                select(model.public_id, model.name).where(model.public_id.in_(ids))
            )
            names |= {f"{kind}:{reference}": name for reference, name in rows}
    return names
