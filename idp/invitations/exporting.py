"""Invitations that a person sent and received, for the export of their data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from idp.accounts.data.exporting import Field, Section, hidden_unless, streamed
from idp.accounts.models import Account
from idp.grants.labels import LEVELS, ROLES
from idp.invitations import lookup
from idp.invitations.models import Decision, Invitation
from idp.mail.addresses import masked

DECISIONS = {
    Decision.ACCEPTED: _("Accepted"),
    Decision.DECLINED: _("Declined"),
    Decision.CANCELLED: _("Cancelled"),
    Decision.LAPSED: _("Lapsed"),
}


def _sent(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    return _invitations(account, Invitation.inviter_id == account.id)


def _received(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    return _invitations(account, *lookup.meant_for(account))


def _invitations(account: Account, *conditions: Any) -> Iterator[Sequence[Any]]:
    row = Invitation
    found = streamed(
        select(
            *(row.protocol, row.holder_name, row.holder_tax_id, row.guest_name, row.guest_tax_id),
            *(row.guest_email, row.relation, row.level, row.installation_count),
            *(row.grant_expires_at, row.created_at, row.expires_at, row.settled_at),
            *(row.decision, row.decline_reason),
        )
        .where(*conditions)
        .order_by(row.id)
    )
    for protocol, holder, holder_id, guest, guest_id, email, *rest in found:
        numbers = [hidden_unless(account.tax_id, each) for each in (holder_id, guest_id)]
        address = email if email == account.email else masked(email)
        yield protocol, holder, numbers[0], guest, numbers[1], address, *rest


FIELDS = (
    Field("protocol", _("Protocol number")),
    Field("holder_name", _("Holder")),
    Field("holder_tax_id", _("Tax id of the holder")),
    Field("guest_name", _("Invited")),
    Field("guest_tax_id", _("Tax id of the invited person")),
    Field("guest_email", _("E-mail address")),
    Field("relation", _("Acts as"), ROLES),
    Field("level", _("Allowed"), LEVELS),
    Field("installation_count", _("Installations")),
    Field("access_until", _("Access until")),
    Field("created_at", _("Sent")),
    Field("expires_at", _("Open until")),
    Field("settled_at", _("Answered")),
    Field("decision", _("Answer"), DECISIONS),
    Field("decline_reason", _("Reason")),
)
SENT = Section("invitations_sent", _("Invitations that you sent"), FIELDS, _sent)
RECEIVED = Section("invitations_received", _("Invitations that you received"), FIELDS, _received)
