"""Who may ask, what equals what, who may decide: decisions without a database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from idp.accounts.models import Account
from idp.audit import Actor
from idp.grants.acting import ASSURED
from idp.grants.models import Level
from idp.invitations.rules import check_ends_on, folded, same_name
from idp.mandates.errors import (
    IdentityUnproven,
    NomineeIsApplicant,
    NomineeIsHolder,
    OwnRequest,
    RemarkMissing,
    RequestNotSent,
    RequestSettled,
    TaxIdsDiffer,
)
from idp.mandates.models import Kind, MandateReading, MandateRequest, RequestState
from idp.taxids import TaxId


class Flow(StrEnum):
    """How a request comes about on the hosted pages."""

    REPRESENT = "represent"  # a person says that they represent a company
    ADD = "add"  # a representative names another one
    REPLACE = "replace"  # … in place of one
    MANAGER = "manager"  # a holder names an external manager


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says: `nominee` shall act for `holder`."""

    kind: Kind
    holder_tax_id: TaxId
    holder_name: str
    nominee_tax_id: TaxId
    nominee_name: str
    nominee_email: str
    level: Level = Level.FULL
    ends_on: date | None = None  # the last day; None: no end date
    replaces_id: int | None = None  # the representative's grant that is to end


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A member of staff: public id, name and e-mail address."""

    reference: str
    name: str
    email: str

    @property
    def actor(self) -> Actor:
        """This person in the audit trail."""
        return Actor("staff", self.reference)


@dataclass(frozen=True, slots=True)
class Compared:
    """One field, as it was claimed and as it was read."""

    name: str
    claimed: Any
    read: Any
    equal: bool


def flow_of(request: MandateRequest) -> Flow:
    """The pages on which the request was, or is being, filled in."""
    if request.kind is Kind.MANAGER:
        return Flow.MANAGER
    if request.is_for_oneself:
        return Flow.REPRESENT
    return Flow.ADD if request.replaces_id is None else Flow.REPLACE


def check_claim(claim: Claim, *, applicant: TaxId | None, today: date) -> None:
    """Raises `NomineeIsHolder`, `NomineeIsApplicant`, `EndDateTooSoon` or `EndDateTooLate`.

    `applicant` is who asks in the holder's name; None: staff, or the nominee, do.
    """
    if claim.nominee_tax_id == claim.holder_tax_id:
        raise NomineeIsHolder
    if claim.nominee_tax_id == applicant:
        raise NomineeIsApplicant
    check_ends_on(claim.ends_on, today=today)


def check_open(request: MandateRequest) -> None:
    """Raises `RequestNotSent` or `RequestSettled`."""
    if request.state is RequestState.DRAFT:
        raise RequestNotSent
    if request.state is not RequestState.OPEN:
        raise RequestSettled


def may_review(reviewer: Reviewer, request: MandateRequest) -> bool:
    """Four eyes: not whoever opened the request, nor anybody of the name or address of a party.

    Staff have no tax id here, so a namesake is asked to leave it to a colleague.
    """
    if request.staff == reviewer.reference:
        return False
    parties = [(request.nominee_name, request.nominee_email)]
    if request.account is not None:
        parties.append((request.account.name, request.account.email))
    return not any(
        same_name(reviewer.name, name) or reviewer.email.lower() == email.lower()
        for name, email in parties
    )


def check_may_review(reviewer: Reviewer, request: MandateRequest) -> None:
    """Raises `OwnRequest` where `may_review` is false."""
    if not may_review(reviewer, request):
        raise OwnRequest


def compare(request: MandateRequest, reading: MandateReading) -> list[Compared]:
    """Field by field, in the order of the form: tax ids exactly, names without accents and case.

    Tax ids are canonical as they are, so that two spellings of one number are equal.
    """
    fields: list[tuple[str, Callable[[Any], Any]]] = [
        ("holder_tax_id", str),
        ("holder_name", folded),
        ("nominee_tax_id", str),
        ("nominee_name", folded),
    ]
    if request.kind is Kind.MANAGER:
        fields += [("level", lambda level: level), ("ends_on", lambda day: day)]
    return [
        Compared(
            name,
            claimed := getattr(request, name),
            read := getattr(reading, name),
            plain(claimed) == plain(read),
        )
        for name, plain in fields
    ]


def check_approvable(request: MandateRequest, reading: MandateReading, *, remark: str) -> None:
    """Raises `TaxIdsDiffer`, or `RemarkMissing` when anything else differs."""
    compared = compare(request, reading)
    if not same_tax_ids(compared):
        raise TaxIdsDiffer
    if not remark and not all(each.equal for each in compared):
        raise RemarkMissing


def same_tax_ids(compared: list[Compared]) -> bool:
    """Whether those fields are equal that no remark can excuse."""
    return all(each.equal for each in compared if each.name.endswith("tax_id"))


def may_act_at_once(request: MandateRequest, nominee: Account) -> bool:
    """Whether the nominee's account surely is the person meant: it asked itself, or has the
    address that was given; whoever else has that tax id is invited at the given address."""
    return request.is_for_oneself or nominee.email.lower() == request.nominee_email.lower()


def check_identity(request: MandateRequest, nominee: Account | None) -> None:
    """Raises `IdentityUnproven`: anybody can register a tax id that they read in a company's
    papers (ADR 6), so somebody must have shown that the person is that party.

    The documents did, or the account's own proof did, or a representative vouches for the person.
    """
    is_vouched_for = request.account is not None and not request.is_for_oneself
    is_proven = nominee is not None and nominee.assurance in ASSURED
    if not (request.identity_seen or is_vouched_for or is_proven):
        raise IdentityUnproven
