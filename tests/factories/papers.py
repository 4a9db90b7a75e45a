"""Protocols for tests: an invitation as it was really sent, and its paper read back."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import current_app
from pypdf import PdfReader

from idp import clock, terms
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants.models import Grant
from idp.invitations import services
from idp.invitations.models import Invitation
from idp.invitations.paper import document
from idp.invitations.paper.listing import listing_of
from idp.invitations.paper.record import Record, record_of
from idp.registry.models import Installation
from idp.terms import Terms
from tests.factories.invitations import an_invitation


def a_protocol(
    inviter: Account, installations: Sequence[Installation] | None = None, **more: Any
) -> Invitation:
    """An invitation whose terms the inviter accepted, committed."""
    invitation = an_invitation(inviter, installations, **more)
    terms.accept(
        Terms.PERMISSION,
        account=inviter.public_id,
        locale="en",
        at=invitation.created_at,
        invitation=invitation.public_id,
    )
    db.session.commit()
    return invitation


def an_accepted_protocol(
    inviter: Account,
    guest: Account,
    installations: Sequence[Installation] | None = None,
    **more: Any,
) -> Grant:
    """The grant that came of one."""
    invitation = a_protocol(inviter, installations, **more)
    at = more.get("at") or clock.now()
    services.accept(invitation.public_id, guest=guest, locale="en", at=at)
    db.session.commit()
    assert invitation.grant is not None
    return invitation.grant


def recorded(invitation: Invitation, at: datetime | None = None) -> Record:
    """What is on record of it."""
    return record_of(invitation, listing_of(invitation), at or clock.now())


def printed(invitation: Invitation, locale: str = "en", at: datetime | None = None) -> bytes:
    """Its paper in this language."""
    with current_app.test_request_context(headers={"Accept-Language": locale}):
        listing = listing_of(invitation)
        return document.rendered(record_of(invitation, listing, at or clock.now()), listing)


def read(content: bytes) -> PdfReader:
    """The paper, opened."""
    return PdfReader(BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    """All its words, a space between any two."""
    return " ".join(" ".join(page.extract_text() for page in read(content).pages).split())
