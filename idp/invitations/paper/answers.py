"""The paper and the list as files to keep."""

from flask import Response, stream_with_context

from idp import clock
from idp.invitations.models import Invitation
from idp.invitations.paper.document import rendered
from idp.invitations.paper.listing import csv_lines, listing_of
from idp.invitations.paper.record import record_of


def pdf_of(invitation: Invitation) -> Response:
    """The protocol as it is at this moment, in the language of the request."""
    listing = listing_of(invitation)
    record = record_of(invitation, listing, clock.now())
    response = Response(rendered(record, listing), mimetype="application/pdf")
    return _named(response, f"{invitation.protocol}.pdf")


def csv_of(invitation: Invitation) -> Response:
    """The installations on offer, sent while they are read."""
    lines = csv_lines(listing_of(invitation).ids)
    response = Response(stream_with_context(lines), mimetype="text/csv")
    return _named(response, f"{invitation.protocol}.csv")


def _named(response: Response, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
