"""What everybody concerned is told by mail. No mail carries a tax id or a document."""

from typing import Any

from idp.accounts.models import Account
from idp.mail import Recipient, notify
from idp.mandates.models import Kind, MandateRequest


def received(request: MandateRequest) -> None:
    """To whoever asked, or for whom staff opened a case: the number to quote."""
    _send("mandate_received", request, to=_applicant(request))


def approved(request: MandateRequest) -> None:
    """To the applicant; and to the nominee, where that is somebody else who may act at once."""
    _send("mandate_approved", request, to=_applicant(request))
    if request.grant is not None and not _is_nominee(request, _applicant(request)):
        _send("mandate_joined", request, to=request.grant.grantee.recipient)


def refused(request: MandateRequest) -> None:
    """To the applicant, with the reason and what staff wrote."""
    kind = request.refusal.value if request.refusal else ""
    _send("mandate_refused", request, to=_applicant(request), refusal=kind, text=request.remark)


def replaced(request: MandateRequest, former: Account) -> None:
    """To the representative whose access ended because there is a new one."""
    _send("mandate_replaced", request, to=former.recipient)


def another(request: MandateRequest, representative: Account) -> None:
    """To somebody who represents the company: there is one more of them now."""
    _send("mandate_another", request, to=representative.recipient)


def _applicant(request: MandateRequest) -> Recipient:
    """The account that asked; the nominee, when staff opened the case."""
    return request.account.recipient if request.account else request.nominee


def _is_nominee(request: MandateRequest, person: Recipient) -> bool:
    return request.is_for_oneself or person.address == request.nominee_email


def _send(template: str, request: MandateRequest, *, to: Recipient, **context: Any) -> None:
    notify(
        template,
        to=to,
        request_id=request.public_id,
        protocol=request.protocol,
        kind=request.kind.value,
        is_representative=request.kind is Kind.REPRESENTATIVE,
        oneself=request.is_for_oneself or request.account is None,
        own_page=request.account is not None,
        holder_name=request.holder_name,
        nominee_name=request.nominee_name,
        invited=request.invitation_id is not None,
        replaces=request.replaces_id is not None,
        **context,
    )
