"""Staff read the documents and decide, each request once.

Whoever comes second finds the row settled: of two reviewers one decides, the other is told.
"""

from datetime import datetime
from typing import Any

from idp.audit import Event, record
from idp.errors import NotFound
from idp.evidence import services as evidence
from idp.evidence.models import Document
from idp.extensions import db
from idp.mandates import effects, letters, lookup, rules
from idp.mandates.errors import NotRead
from idp.mandates.models import (
    Kind,
    MandateReading,
    MandateRequest,
    Refusal,
    RequestState,
)
from idp.mandates.rules import Reviewer


def get_document(request: MandateRequest, public_id: str) -> Document:
    """One of the request's own documents; raises `NotFound` for any other."""
    for each in request.documents:
        if each.public_id == public_id:
            return each
    raise NotFound


def note(public_id: str, typed: dict[str, Any], *, by: Reviewer, at: datetime) -> MandateReading:
    """Keep what `by` read: `holder_tax_id`, `holder_name`, `nominee_tax_id`, `nominee_name`,
    and of managers `level` and `ends_on`.

    Raises `OwnRequest`, `RequestSettled`.
    """
    request = lookup.get_locked(public_id)
    _check(request, by)
    if request.kind is Kind.REPRESENTATIVE:
        typed = {**typed, "level": None, "ends_on": None}
    reading = MandateReading(request_id=request.id, reviewer=by.reference, read_at=at, **typed)
    db.session.add(reading)
    db.session.flush()
    record(
        Event.MANDATE_READ,
        by=by.actor,
        account=_applicant(request),
        mandate=request.public_id,
        different=sum(not each.equal for each in rules.compare(request, reading)),
    )
    return reading


def approve(
    public_id: str, *, identity_seen: bool, remark: str, by: Reviewer, at: datetime
) -> MandateRequest:
    """Approve, and let it take effect in the same transaction; see `effects`.

    `identity_seen`: the documents show who the nominee is. Raises `OwnRequest`, `RequestSettled`,
    `NotRead`, `TaxIdsDiffer`, `RemarkMissing` and what `effects.take` does.
    """
    request = lookup.get_locked(public_id)
    _check(request, by)
    reading = lookup.find_reading(request, by.reference)
    if reading is None:
        raise NotRead
    rules.check_approvable(request, reading, remark=remark)
    request.identity_seen = identity_seen
    former = effects.take(request, by=by.actor, at=at)
    _settle(request, RequestState.APPROVED, by=by, remark=remark, at=at)
    record(
        Event.MANDATE_APPROVED,
        by=by.actor,
        account=_applicant(request),
        grant=request.grant.public_id if request.grant else None,
        mandate=request.public_id,
        relation=request.kind.value,
        identity=identity_seen,
        replaced=former.public_id if former else None,
        reason=remark,
    )
    letters.approved(request)
    return request


def refuse(
    public_id: str, refusal: Refusal, *, text: str, by: Reviewer, at: datetime
) -> MandateRequest:
    """Say no, and why; `text` goes to the applicant as it is.

    Raises `OwnRequest` and `RequestSettled`.
    """
    request = lookup.get_locked(public_id)
    _check(request, by)
    request.refusal = refusal
    _settle(request, RequestState.REFUSED, by=by, remark=text, at=at)
    record(
        Event.MANDATE_REFUSED,
        by=by.actor,
        account=_applicant(request),
        mandate=request.public_id,
        refusal=refusal.value,
        reason=text,
    )
    letters.refused(request)
    return request


def _check(request: MandateRequest, by: Reviewer) -> None:
    rules.check_may_review(by, request)
    rules.check_open(request)


def _settle(
    request: MandateRequest, state: RequestState, *, by: Reviewer, remark: str, at: datetime
) -> None:
    request.settle(state, at)
    request.reviewer, request.remark = by.reference, remark
    evidence.schedule_deletion(request.documents, decided_at=at)
    db.session.flush()


def _applicant(request: MandateRequest) -> str | None:
    return request.account.public_id if request.account else None
