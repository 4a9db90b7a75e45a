"""A request leaves its author's hands: sent, or taken back; or staff open one for a caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.evidence import services as evidence
from idp.extensions import db
from idp.invitations import days, numbering
from idp.invitations.errors import DraftChanged
from idp.mandates import drafting, letters, lookup, rules
from idp.mandates.errors import AlreadyRepresents, NoDocuments, RequestPending
from idp.mandates.models import Channel, MandateRequest, RequestState
from idp.mandates.rules import Claim, Reviewer
from idp.rate_limits import Limit

PENDING = "uq_mandate_requests_open"


@dataclass(frozen=True, slots=True)
class Call:
    """Why staff open a case: who asked, how, and what was shown at the desk."""

    channel: Channel
    name: str
    phone: str
    relation: str  # of the caller to the company, in words
    reason: str
    seen_at_desk: str  # empty: no document was shown


def count_attempt(account: Account) -> None:
    """Count a request that `account` is about to send; raises `TooManyAttempts`.

    Called before the transaction: it counts even when nothing is sent.
    """
    burst = current_app.config["MANDATES_PER_HOUR"]
    Limit("mandate.send", burst, timedelta(hours=1) / burst).hit(account.public_id)


def send(public_id: str, *, by: Account, seen: str, at: datetime) -> MandateRequest:
    """Hand the draft to staff, once: asked again, it answers with the request as it is.

    Raises `DraftChanged`, `NoDocuments`, `RequestPending`, and what `drafting.check` does.
    """
    request = lookup.get_locked(public_id, by)
    if request.state is not RequestState.DRAFT:
        return request
    if seen != drafting.seen(request):
        raise DraftChanged
    if not request.documents or any(each.deleted_at for each in request.documents):
        raise NoDocuments
    drafting.check(drafting.claim_of(request), by=by, at=at)
    _open(request, at)
    record(
        Event.MANDATE_REQUESTED,
        by=by.actor,
        account=by.public_id,
        mandate=request.public_id,
        relation=request.kind.value,
        documents=len(request.documents),
    )
    letters.received(request)
    return request


def open_case(
    claim: Claim,
    call: Call,
    files: Sequence[FileStorage],
    *,
    by: Reviewer,
    locale: str,
    at: datetime,
) -> MandateRequest:
    """Staff send a request for somebody at the desk or on the phone; documents may be missing.

    Raises `NomineeIsHolder`, `AlreadyRepresents`, `RequestPending`, and what
    `evidence.services.store` does.
    """
    rules.check_claim(claim, applicant=None, today=days.today(at))
    if lookup.find_representation(claim.nominee_tax_id, claim.holder_tax_id, at):
        raise AlreadyRepresents
    request = drafting.new_request(claim, locale=locale, at=at)
    request.staff, request.channel = by.reference, call.channel
    request.caller_name, request.caller_phone = call.name, call.phone
    request.caller_relation, request.case_reason = call.relation, call.reason
    request.seen_at_desk = call.seen_at_desk
    numbering.insert(request)
    request.documents = evidence.store(files, by=by.actor, at=at) if files else []
    _open(request, at)
    record(
        Event.MANDATE_CASE_OPENED,
        by=by.actor,
        mandate=request.public_id,
        relation=request.kind.value,
        channel=call.channel.value,
        documents=len(request.documents),
        reason=call.reason,
    )
    letters.received(request)
    return request


def withdraw(public_id: str, *, by: Account, at: datetime) -> MandateRequest:
    """Take the request back before it is decided.

    Withdrawing twice is no error; raises `NotFound`, `RequestNotSent` and `RequestSettled`.
    """
    request = lookup.get_locked(public_id, by)
    if request.state is RequestState.WITHDRAWN:
        return request
    rules.check_open(request)
    take_back(request, account=by, by=by.actor, at=at)
    return request


def take_back(request: MandateRequest, *, account: Account, by: Actor, at: datetime) -> None:
    """Withdraw the open request of `account`; only under the row's lock."""
    request.settle(RequestState.WITHDRAWN, at)
    evidence.schedule_deletion(request.documents, decided_at=at)
    db.session.flush()
    record(Event.MANDATE_WITHDRAWN, by=by, account=account.public_id, mandate=request.public_id)


def _open(request: MandateRequest, at: datetime) -> None:
    """Into the queue, its documents kept until the decision; raises `RequestPending`."""
    evidence.attach(request.documents)
    try:
        with db.session.begin_nested():
            request.state, request.sent_at = RequestState.OPEN, at
            db.session.flush()
    except IntegrityError as error:
        if PENDING not in str(error.orig):
            raise
        raise RequestPending from None
