"""The words for what the trail keeps beside an event: a label for each detail, and its value."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.accounts.models import Assurance
from idp.admin.models import Role
from idp.admin.wording import ASSURANCES, LEVELS, ROLES
from idp.grants.models import Level

LABELS: Mapping[str, LazyString] = {
    "accounts": _("Accounts found"),
    "added": _("Added"),
    "algorithm": _("Algorithm"),
    "assurance": _("Assurance"),
    "authorization": _("Authorization"),
    "changed": _("Changed"),
    "days": _("Days"),
    "disabled": _("Disabled"),
    "document": _("Document"),
    "first_party": _("Application of our own"),
    "grants": _("Grants found"),
    "installations": _("Installations"),
    "invitations": _("Invitations found"),
    "kid": _("Key"),
    "kinds": _("Searched by"),
    "level": _("Level"),
    "mail": _("Mail"),
    "member": _("Member of staff"),
    "media_type": _("Kind of file"),
    "problem": _("Problem"),
    "proof": _("Proof"),
    "refused": _("Refused"),
    "registration": _("Registration"),
    "role": _("Role"),
    "scopes": _("Scopes"),
    "sent": _("Mail sent"),
    "session": _("Session"),
    "sessions": _("Sessions ended"),
    "sessions_ended": _("Sessions ended"),
    "step": _("Step"),
    "template": _("Template"),
    "transferred": _("Changed holder"),
    "unchanged": _("Unchanged"),
}


def detail_label(name: str) -> str:
    """The label; a detail that is newer than its wording shows its own name."""
    return str(LABELS.get(name, name))


def detail_text(name: str, value: Any) -> str:
    """The value: yes or no, a list, or the words of what the code calls by a value."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    match name:
        case "level":
            return str(LEVELS[Level(value)])
        case "assurance":
            return str(ASSURANCES[Assurance(value)])
        case "role":
            return str(ROLES[Role(value)])
    return str(value)
