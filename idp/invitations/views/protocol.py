"""The public check of a protocol: whether a paper is true, and how the permission stands now.

A number is quoted in every channel and may be guessed: of the hundred million of a year, some
exist. So whoever knows the number alone learns on which day it was sent and how it stands. The
facts, and no more of them than the paper says, are shown with the check code printed on it.

The QR code leads to an address that holds this code. The address goes to no other site
(`no-referrer`) and into no cache (`no-store`), our log holds routes only, and it opens nothing that
its bearer does not have in their hands.
"""

from datetime import timedelta
from http import HTTPStatus

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.client_address import client_network
from idp.errors import DomainError
from idp.forms import Form, cleaned
from idp.http_errors import status_of
from idp.invitations import lookup
from idp.invitations.errors import (
    CheckCodeWrong,
    ProtocolMalformed,
    ProtocolMistyped,
    ProtocolUnknown,
)
from idp.invitations.models import Invitation
from idp.invitations.paper import codes, words
from idp.invitations.paper.listing import listing_of
from idp.invitations.paper.record import record_of
from idp.invitations.paper.situation import situation_of
from idp.invitations.protocols import read_protocol
from idp.invitations.views import blueprint
from idp.rate_limits import Limit

EVERY = timedelta(seconds=10)
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}


@blueprint.get("/protocols")
def ask_protocol() -> ResponseReturnValue:
    """A form for the number; what was typed leads to the protocol's own page."""
    form = _typed()
    if "number" not in request.args:
        return _form_page(form)
    try:
        number = read_protocol(form.values["number"])
    except (ProtocolMalformed, ProtocolMistyped) as error:
        return _form_page(form, error)
    page = url_for("invitations.show_protocol", number=number, check=form.values["check"] or None)
    return redirect(page, HTTPStatus.SEE_OTHER)


@blueprint.get("/protocols/<number>")
def show_protocol(number: str) -> ResponseReturnValue:
    """How it stands; and with the code, the facts to compare the paper with."""
    form = _typed(number)
    try:
        stored = read_protocol(form.values["number"])
        invitation = _found(stored)
    except (ProtocolMalformed, ProtocolMistyped, ProtocolUnknown) as error:
        return _form_page(form, error)
    if form.values["check"] and not codes.is_code_of(invitation.public_id, form.values["check"]):
        form.refuse(CheckCodeWrong())
    return _protocol_page(invitation, form)


def _typed(number: str = "") -> Form:
    """A form that is sent by GET: nothing is changed, and the address can be kept."""
    typed = {
        "number": number or request.args.get("number", ""),
        "check": request.args.get("check", ""),
    }
    return Form({name: cleaned("number", text) for name, text in typed.items()})


def _found(number: str) -> Invitation:
    """Counted before the database is asked, whether there is one or not; `ProtocolUnknown`."""
    burst = current_app.config["PROTOCOLS_PER_ADDRESS"]
    Limit("protocol.address", burst, EVERY).hit(client_network())
    found = lookup.find_by_protocol(number)
    if found is None:
        raise ProtocolUnknown
    return found


def _form_page(form: Form, error: DomainError | None = None) -> ResponseReturnValue:
    status = HTTPStatus.OK
    if error is not None:
        form.refuse(error)
        status = status_of(error)
    return render_template("invitations/protocols.html", form=form), status, NOT_INDEXED


def _protocol_page(invitation: Invitation, form: Form) -> ResponseReturnValue:
    at = clock.now()
    has_code = bool(form.values["check"]) and not form.errors
    record = record_of(invitation, listing_of(invitation), at) if has_code else None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    page = render_template(
        "invitations/protocol.html",
        form=form,
        protocol=invitation.protocol,
        sent_at=invitation.created_at,
        situation=situation_of(invitation, at),
        record=record,
        words=words,
    )
    return page, status, NOT_INDEXED
