"""What every template of the console may ask: who works here, what they may do and may see."""

from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _

from idp import clock
from idp.admin import sessions, wording, wording_details
from idp.admin.newest import PARAMETER
from idp.admin.rules import Permission, may
from idp.grants import chain
from idp.grants import rules as grant_rules
from idp.invitations import rules as invitation_rules
from idp.mail import addresses
from idp.taxids import TaxId


def template_context() -> dict[str, Any]:
    """Merged into each template of the blueprint."""
    return {
        "member": sessions.find_member(),
        "member_may": member_may,
        "shown_tax_id": shown_tax_id,
        "shown_address": shown_address,
        "shown_state": lambda grant: grant_rules.shown_state(chain.links_of(grant), clock.now()),
        "standing_of": lambda invitation: invitation_rules.standing_of(invitation, clock.now()),
        "older_url": older_url,
        "wording": wording,
        "detail_label": wording_details.detail_label,
        "detail_text": wording_details.detail_text,
    }


def member_may(permission: str) -> bool:
    """Whether the one signed in has the permission of this value (`revoke_grant`)."""
    member = sessions.find_member()
    return member is not None and may(member.role, Permission(permission))


def shown_tax_id(tax_id: TaxId | None) -> str:
    """Formatted for those who identify callers, masked for everybody else; erased: so it says."""
    if tax_id is None:
        return _("Deleted")
    return tax_id.formatted if member_may(Permission.SEE_IDENTITIES) else tax_id.masked


def shown_address(email: str) -> str:
    """An e-mail address, or its first letter and domain; erased: so it says."""
    if not email:
        return _("Deleted")
    if member_may(Permission.SEE_IDENTITIES):
        return email
    return addresses.masked(email)


def older_url(before: int) -> str:
    """This list from the row before that id on, with its filters kept."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), PARAMETER: before})}"
