"""Who may offer what to whom, and who may answer: decisions without a database."""

import re
import unicodedata
from datetime import date, datetime
from enum import StrEnum

from idp.accounts.models import Account, Assurance
from idp.audit import Actor
from idp.errors import NotAllowed
from idp.invitations.errors import (
    EndDatePassed,
    EndDateTooLate,
    EndDateTooSoon,
    GuestIsCompany,
    InvitationForAnother,
    InvitationLapsed,
    InvitationSettled,
    NothingToOffer,
    OfferedToOneself,
    OwnershipUnproven,
)
from idp.invitations.models import Invitation
from idp.taxids import TaxId

MAXIMUM_YEARS = 10
APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}`´]")
NOT_A_LETTER = re.compile(r"[\W_]+")


class Standing(StrEnum):
    """Where an invitation stands at a moment; `lapsed` needs no worker to have noticed."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


def check_may_offer(assurance: Assurance, *, has_active_installation: bool) -> None:
    """Raises `OwnershipUnproven` or `NothingToOffer`."""
    if assurance is Assurance.DECLARED:
        raise OwnershipUnproven
    if not has_active_installation:
        raise NothingToOffer


def check_guest(guest: TaxId, *, holder: TaxId, inviter: TaxId | None) -> None:
    """Raises `GuestIsCompany` or `OfferedToOneself`."""
    if guest.is_company:
        raise GuestIsCompany
    if guest in (holder, inviter):
        raise OfferedToOneself


def check_ends_on(ends_on: date | None, *, today: date) -> None:
    """Raises `EndDateTooSoon` before tomorrow, `EndDateTooLate` after ten years."""
    if ends_on is None:
        return
    if ends_on <= today:
        raise EndDateTooSoon
    if ends_on.year > today.year + MAXIMUM_YEARS:
        raise EndDateTooLate


def standing_of(invitation: Invitation, at: datetime) -> Standing:
    """Where it stands at `at`."""
    if invitation.decision is not None:
        return Standing(invitation.decision.value)
    return Standing.LAPSED if at >= invitation.expires_at else Standing.OPEN


def check_open(invitation: Invitation, at: datetime) -> None:
    """Raises `InvitationLapsed` or `InvitationSettled`."""
    standing = standing_of(invitation, at)
    if standing is Standing.LAPSED:
        raise InvitationLapsed
    if standing is not Standing.OPEN:
        raise InvitationSettled


def check_answerable(invitation: Invitation, guest: Account, at: datetime) -> None:
    """Raises `InvitationForAnother` first: to others the state is told on its own page only."""
    if not is_for(invitation, guest):
        raise InvitationForAnother
    check_open(invitation, at)


def may_still_be_given(invitation: Invitation, at: datetime) -> bool:
    """Whether the access would not have ended by now, and its giver is not locked out."""
    end = invitation.grant_expires_at
    is_locked = invitation.inviter is not None and invitation.inviter.locked_at is not None
    return not is_locked and (end is None or at < end)


def check_resendable(invitation: Invitation, at: datetime) -> None:
    """Open or lapsed, with an end date still to come; `InvitationSettled` or `EndDatePassed`."""
    if standing_of(invitation, at) not in (Standing.OPEN, Standing.LAPSED):
        raise InvitationSettled
    if invitation.grant_expires_at is not None and at >= invitation.grant_expires_at:
        raise EndDatePassed


def check_may_cancel(invitation: Invitation, by: Actor) -> None:
    """Raises `NotAllowed` unless `by` sent it or is staff, whose permission was checked before."""
    is_inviter = invitation.inviter is not None and by == invitation.inviter.actor
    if by.kind != "staff" and not is_inviter:
        raise NotAllowed


def may_be_resent(invitation: Invitation, at: datetime) -> bool:
    """Whether `check_resendable` would let it pass."""
    try:
        check_resendable(invitation, at)
    except (InvitationSettled, EndDatePassed):
        return False
    return True


def is_for(invitation: Invitation, account: Account) -> bool:
    """Whether tax id, e-mail address and name are the invited ones."""
    return (
        account.tax_id == invitation.guest_tax_id
        and account.email.lower() == invitation.guest_email.lower()
        and same_name(account.name, invitation.guest_name)
    )


def same_name(one: str, other: str) -> bool:
    """Whether two spellings differ in nothing but accents, case, spaces and punctuation."""
    return folded(one) == folded(other)


def folded(name: str) -> str:
    """`name` in plain small letters: `João  D'Ávila-Souza` becomes `joao davila souza`."""
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", name).casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(NOT_A_LETTER.sub(" ", letters).split())
