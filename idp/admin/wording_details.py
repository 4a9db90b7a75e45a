"""The words for what the trail keeps beside an event: a label for each detail, and its value."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.accounts.factors.models import Kind
from idp.accounts.models import AccountKind, Assurance
from idp.accounts.recovery.models import Origin
from idp.admin.models import Role
from idp.admin.wording import (
    ACCOUNT_KINDS,
    ASSURANCES,
    CHANNELS,
    EXTENTS,
    LEVELS,
    ORIGINS,
    REFUSALS,
    RELATIONS,
    ROLES,
)
from idp.grants.models import Extent, Level, Relation
from idp.mandates.models import Channel, Refusal

FACTORS: Mapping[Kind, LazyString] = {
    Kind.APP: _("Authenticator app"),
    Kind.PASSKEY: _("Passkey"),
    Kind.CODE: _("Code"),
}
LABELS: Mapping[str, LazyString] = {
    "account_kind": _("Kind of account"),
    "accounts": _("Accounts found"),
    "added": _("Added"),
    "algorithm": _("Algorithm"),
    "assurance": _("Assurance"),
    "authorization": _("Authorization"),
    "change": _("Change of address"),
    "changed": _("Changed"),
    "channel": _("Channel"),
    "checked": _("What was checked"),
    "confirmation": _("Confirmed by"),
    "days": _("Days"),
    "different": _("Fields that differ"),
    "disabled": _("Disabled"),
    "document": _("Document"),
    "documents": _("Documents"),
    "extent": _("Extent"),
    "factor": _("Second factor"),
    "fields": _("Fields"),
    "first_party": _("Application of our own"),
    "format": _("Format"),
    "grants": _("Grants found"),
    "identity": _("Identity document seen"),
    "installations": _("Installations"),
    "invitations": _("Invitations found"),
    "kid": _("Key"),
    "kinds": _("Searched by"),
    "left": _("Codes left"),
    "level": _("Level"),
    "mail": _("Mail"),
    "mandate": _("Request"),
    "member": _("Member of staff"),
    "media_type": _("Kind of file"),
    "origin": _("Asked for"),
    "passkey": _("Passkey"),
    "problem": _("Problem"),
    "proof": _("Proof"),
    "refused": _("Refused"),
    "refusal": _("Refusal"),
    "registration": _("Registration"),
    "relation": _("Relation"),
    "removal": _("Removal"),
    "replaced": _("Access replaced"),
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
    "uses": _("Uses"),
}
# Details whose value is one of ours, and the words for it.
VALUES: Mapping[str, tuple[type[StrEnum], Mapping[Any, LazyString]]] = {
    "account_kind": (AccountKind, ACCOUNT_KINDS),
    "assurance": (Assurance, ASSURANCES),
    "channel": (Channel, CHANNELS),
    "extent": (Extent, EXTENTS),
    "factor": (Kind, FACTORS),
    "level": (Level, LEVELS),
    "origin": (Origin, ORIGINS),
    "refusal": (Refusal, REFUSALS),
    "relation": (Relation, RELATIONS),
    "role": (Role, ROLES),
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
    if name in VALUES:
        kind, words = VALUES[name]
        return str(words[kind(value)])
    return str(value)
