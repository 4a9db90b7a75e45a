"""Requests with documents, for the export of their author's data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import case, func, select

from idp.accounts.data.exporting import Field, Section, hidden_unless, streamed
from idp.accounts.models import Account
from idp.evidence.models import Document
from idp.grants.labels import LEVELS
from idp.mandates.models import (
    Channel,
    Kind,
    MandateDocument,
    MandateRequest,
    Refusal,
    RequestState,
)

KINDS = {Kind.REPRESENTATIVE: _("Representative"), Kind.MANAGER: _("External manager")}
STATES = {
    RequestState.DRAFT: _("Not sent"),
    RequestState.OPEN: _("Waits for our staff"),
    RequestState.APPROVED: _("Approved"),
    RequestState.REFUSED: _("Turned down"),
    RequestState.WITHDRAWN: _("Withdrawn"),
}
CHANNELS = {
    Channel.WEB: _("On these pages"),
    Channel.DESK: _("At the service desk"),
    Channel.PHONE: _("By telephone"),
}
REFUSALS = {
    Refusal.UNREADABLE: _("The documents could not be read"),
    Refusal.INCOMPLETE: _("A document was missing"),
    Refusal.MISMATCH: _("The documents named somebody else"),
    Refusal.NO_POWERS: _("The documents did not show that the person may act"),
    Refusal.NOT_A_CUSTOMER: _("No installation stands in that name"),
    Refusal.OTHER: _("Another reason"),
}


def _requests(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    """Names of documents, not their content. What staff wrote is in it as far as the applicant was
    told, which is of a refusal."""
    row = MandateRequest
    told = case((row.state == RequestState.REFUSED, row.remark), else_="")
    found = streamed(
        select(
            *(row.protocol, row.kind, row.state, row.channel, row.holder_name, row.holder_tax_id),
            *(row.nominee_name, row.nominee_tax_id, row.level, row.ends_on, row.created_at),
            *(row.sent_at, row.settled_at, row.refusal, told, _documents()),
        )
        .where(row.account_id == account.id)
        .order_by(row.id)
    )
    for protocol, kind, state, channel, holder, holder_id, nominee, nominee_id, *rest in found:
        numbers = [hidden_unless(account.tax_id, each) for each in (holder_id, nominee_id)]
        yield protocol, kind, state, channel, holder, numbers[0], nominee, numbers[1], *rest


def _documents() -> Any:
    names = (
        select(Document.name)
        .join(MandateDocument, MandateDocument.document_id == Document.id)
        .where(MandateDocument.request_id == MandateRequest.id)
        .order_by(Document.id)
    )
    return func.array(names.scalar_subquery())


REQUESTS = Section(
    name="requests",
    title=_("Requests to represent a company or to manage"),
    fields=(
        Field("protocol", _("Protocol number")),
        Field("kind", _("As what"), KINDS),
        Field("state", _("State"), STATES),
        Field("channel", _("Where it came in"), CHANNELS),
        Field("holder_name", _("For")),
        Field("holder_tax_id", _("Tax id of the holder")),
        Field("nominee_name", _("Who shall act")),
        Field("nominee_tax_id", _("Tax id of that person")),
        Field("level", _("What they may do"), LEVELS),
        Field("ends_on", _("Until")),
        Field("created_at", _("Begun")),
        Field("sent_at", _("Sent")),
        Field("settled_at", _("Decided")),
        Field("refusal", _("Why it was refused"), REFUSALS),
        Field("remark", _("What we told you")),
        Field("documents", _("Documents")),
    ),
    rows=_requests,
)
