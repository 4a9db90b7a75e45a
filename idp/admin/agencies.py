"""What the console shows of real-estate agencies: the queue, and who may review which."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from idp.accounts.models import Account
from idp.accounts.registration.errors import OwnAgency
from idp.accounts.registration.models import Agency, CreciState
from idp.admin.models import StaffMember
from idp.extensions import db
from idp.invitations.rules import same_name
from idp.pages.paging import Paging


def wanted(arguments: Mapping[str, str]) -> CreciState:
    """Which agencies an address asks for; nonsense means those that wait."""
    asked = arguments.get("state")
    return next((each for each in CreciState if each.value == asked), CreciState.WAITING)


def count(state: CreciState) -> int:
    """How many there are."""
    query = select(func.count()).select_from(Agency).where(Agency.creci_state == state)
    return db.session.scalar(query) or 0


def agencies(state: CreciState, paging: Paging) -> Sequence[Agency]:
    """One page, those that wait longest first; of others the latest first."""
    waits = state is CreciState.WAITING
    order = (Agency.stated_at, Agency.account_id)
    return db.session.scalars(
        select(Agency)
        .where(Agency.creci_state == state)
        .order_by(*(order if waits else (each.desc() for each in order)))
        .offset(paging.offset)
        .limit(paging.per_page)
    ).all()


def may_review(member: StaffMember, account: Account) -> bool:
    """Four eyes: nobody of the name or the address of the account."""
    return not (
        same_name(member.name, account.name) or member.email.lower() == account.email.lower()
    )


def check_may_review(member: StaffMember, account: Account) -> None:
    """Raises `OwnAgency` where `may_review` is false."""
    if not may_review(member, account):
        raise OwnAgency
