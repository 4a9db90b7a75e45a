"""The protocol as a PDF: the facts, what happened since, how to take it back, how to check it.

Up to `WITH_ADDRESSES` installations are printed with their addresses, up to `PRINTED` by code
alone. More are only counted: a hundred thousand codes are five hundred pages that nobody reads,
and the SHA-256 of the list says as much, for the list can be downloaded and compared with it.

The same record in the same language gives the same bytes.
"""

from itertools import groupby

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from idp import i18n
from idp.grants.models import Extent
from idp.invitations.paper import words
from idp.invitations.paper.listing import Listing, Place, places_of
from idp.invitations.paper.qr import code_for
from idp.invitations.paper.record import Party, Record
from idp.invitations.paper.sheet import MARGIN, WIDTH, Sheet

WITH_ADDRESSES = 200
PRINTED = 2000
QR_WIDTH = 38  # mm
QR_TOP = 18


def address_of(protocol: str, code: str = "") -> str:
    """The public page of this protocol; with the code it opens at the facts."""
    address = f"{current_app.config['ISSUER']}/protocols/{protocol}"
    return f"{address}?check={code}" if code else address


def rendered(record: Record, listing: Listing) -> bytes:
    """The document, in the language of the request."""
    facts, brand = record.facts, current_app.config["BRAND_NAME"]
    title = _("Protocol %(number)s", number=facts.protocol)
    sheet = Sheet(
        title=title,
        brand=brand,
        foot=f"{title} · {_('Check code')} {facts.code} · {address_of(facts.protocol)}",
        language=i18n.negotiate(),
        at=record.situation.since or facts.sent_at,
    )
    _beginning(sheet, record)
    _facts(sheet, record)
    _advice(sheet, record)
    _installations(sheet, record, listing)
    return bytes(sheet.output())


def _beginning(sheet: Sheet, record: Record) -> None:
    """Title and number, and beside them the code to scan."""
    facts = record.facts
    address = address_of(facts.protocol, facts.code)
    sheet.code(
        code_for(address),
        x=MARGIN + WIDTH - QR_WIDTH,
        y=QR_TOP,
        width=QR_WIDTH,
        link=address,
        about=_("QR code: check this document at %(address)s", address=address),
    )
    sheet.set_y(QR_TOP + 4)
    sheet.title_block(_("Permission to act for somebody else"), facts.protocol, WIDTH - QR_WIDTH)
    sheet.paragraph(f"{_('Check code')} {facts.code}")
    sheet.set_y(QR_TOP + QR_WIDTH)


def _facts(sheet: Sheet, record: Record) -> None:
    facts, sender = record.facts, record.sender
    sheet.rows(
        [
            (_("Holder"), _named(facts.holder)),
            *([(_("Sent for the holder by"), _named(sender))] if sender else []),
            (_("Person invited"), _named(facts.guest)),
            (_("Relation"), str(words.RELATIONS[facts.relation])),
            (_("May do"), str(words.LEVELS[facts.level])),
            (_("Installations"), words.extent_of(facts)),
            (_("Until"), words.end_of(facts)),
        ]
    )
    sheet.heading(_("What happened"))
    sheet.rows(words.story_of(record))
    if record.acceptances:
        sheet.heading(_("Terms accepted, with the SHA-256 of each text"))
        sheet.rows(words.terms_of(record.acceptances))


def _advice(sheet: Sheet, record: Record) -> None:
    facts, issuer = record.facts, current_app.config["ISSUER"]
    sheet.heading(_("How to take it back"))
    sheet.paragraph(
        _(
            "The holder can take this access back at any moment, for all installations or for "
            "single ones, with immediate effect: sign in at %(address)s, open “Access”, choose the "
            "person, then “Take this access back”. The person invited can give it up there, too. "
            "Help: %(contact)s.",
            address=issuer,
            contact=current_app.config["SUPPORT_CONTACT"],
        )
    )
    sheet.heading(_("How to check this document"))
    sheet.paragraph(
        _(
            "Scan the code above, or open %(address)s and type the number and the check code. The "
            "page says how the permission stands at that moment. Who, what and until when must be "
            "the same there and here, down to this fingerprint, the SHA-256 of these facts:",
            address=f"{issuer}/protocols",
        )
    )
    sheet.paragraph(facts.fingerprint)


def _installations(sheet: Sheet, record: Record, listing: Listing) -> None:
    sheet.heading(_("Installations"))
    if record.facts.extent is Extent.EVERYTHING:
        sheet.paragraph(words.extent_of(record.facts))
        return
    if listing.count > PRINTED:
        sheet.paragraph(
            ngettext(
                "%(num)s installation, too many to print.",
                "%(num)s installations, too many to print. Who sent the invitation can download "
                "them as a file.",
                listing.count,
            )
        )
    else:
        _list(sheet, places_of(listing.ids), with_addresses=listing.count <= WITH_ADDRESSES)
    sheet.paragraph(_("SHA-256 of the list: %(hash)s", hash=listing.sha256))


def _list(sheet: Sheet, places: list[Place], *, with_addresses: bool) -> None:
    """One list for each distributor: a code means an installation only within one."""
    for distributor, group in groupby(places, key=lambda place: place[0]):
        sheet.paragraph(_("Distributor: %(name)s", name=distributor))
        if with_addresses:
            rows = [
                (code, street, f"{city}, {state}") for _name, code, street, city, state in group
            ]
            sheet.grid((_("Code"), _("Address"), _("City")), rows)
        else:
            sheet.columns([place[1] for place in group])
        sheet.ln(2)


def _named(party: Party) -> str:
    return f"{party.name} · {party.tax_id}"
