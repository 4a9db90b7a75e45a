"""A request before it is sent: its answers and its documents, kept a day for its author alone."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from werkzeug.datastructures import FileStorage

from idp.accounts.models import Account
from idp.errors import NotFound
from idp.evidence import services as evidence
from idp.extensions import db
from idp.grants import acting
from idp.identifiers import public_id as new_public_id
from idp.invitations import days, numbering
from idp.mandates import lookup, rules
from idp.mandates.errors import AlreadyRepresents, CompanyCannotAct, RequestSettled
from idp.mandates.models import Channel, Kind, MandateRequest, RequestState
from idp.mandates.rules import Claim

ANSWERS = (
    "holder_tax_id",
    "holder_name",
    "nominee_tax_id",
    "nominee_name",
    "nominee_email",
    "level",
    "ends_on",
    "replaces_id",
)


def check(claim: Claim, *, by: Account, at: datetime) -> None:
    """Raises what `rules.check_claim` does, `CompanyCannotAct`, `AlreadyRepresents`, and
    `NotFound` for a holder that `by` may not act for.

    Who claims to represent a company hears the same whether or not the registry knows it.
    """
    own = claim.kind is Kind.REPRESENTATIVE and claim.nominee_tax_id == by.tax_id
    if own and by.tax_id.is_company:
        raise CompanyCannotAct
    if not own and not acting.acts_for(by, claim.holder_tax_id, at):
        raise NotFound
    applicant = None if own else by.tax_id
    rules.check_claim(claim, applicant=applicant, today=days.today(at))
    if claim.kind is Kind.REPRESENTATIVE and lookup.find_representation(
        claim.nominee_tax_id, claim.holder_tax_id, at
    ):
        raise AlreadyRepresents


def begin(claim: Claim, *, by: Account, locale: str, at: datetime) -> MandateRequest:
    """A new draft; raises as `check` does."""
    check(claim, by=by, at=at)
    request = new_request(claim, locale=locale, at=at)
    request.account = by
    numbering.insert(request)
    return request


def change(draft: MandateRequest, claim: Claim, *, by: Account, at: datetime) -> None:
    """Other answers to the same questions; raises as `check` does, and `RequestSettled`."""
    _check_draft(draft)
    check(claim, by=by, at=at)
    _answer(draft, claim)
    db.session.flush()


def attach(
    draft: MandateRequest, files: Sequence[FileStorage], *, by: Account, at: datetime
) -> None:
    """These documents instead of those attached before, which nobody keeps any longer.

    Raises what `evidence.services.store` does, and `RequestSettled`.
    """
    _check_draft(draft)
    draft.documents = evidence.store(files, by=by.actor, at=at)
    db.session.flush()


def discard(draft: MandateRequest) -> None:
    """Forget it; its documents, which belong to nothing then, are deleted within a day."""
    _check_draft(draft)
    db.session.delete(draft)
    db.session.flush()


def seen(draft: MandateRequest) -> str:
    """What the check page shows, in short: another tab may change it."""
    shown = [getattr(draft, name) for name in ANSWERS]
    text = repr([*map(str, shown), *(each.public_id for each in draft.documents)])
    return hashlib.sha256(text.encode()).hexdigest()


def claim_of(request: MandateRequest) -> Claim:
    """What it says."""
    return Claim(kind=request.kind, **{name: getattr(request, name) for name in ANSWERS})


def new_request(claim: Claim, *, locale: str, at: datetime) -> MandateRequest:
    """A draft that is not in the database yet, and not told who opens it."""
    request = MandateRequest(
        public_id=new_public_id("m"),
        kind=claim.kind,
        state=RequestState.DRAFT,
        channel=Channel.WEB,
        staff="",
        locale=locale,
        caller_name="",
        caller_phone="",
        caller_relation="",
        case_reason="",
        seen_at_desk="",
        created_at=at,
        identity_seen=False,
        reviewer="",
        remark="",
    )
    _answer(request, claim)
    return request


def _answer(request: MandateRequest, claim: Claim) -> None:
    for name in ANSWERS:
        setattr(request, name, getattr(claim, name))


def _check_draft(request: MandateRequest) -> None:
    if request.state is not RequestState.DRAFT:
        raise RequestSettled
