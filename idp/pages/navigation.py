"""The main menu of somebody who is signed in."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `is_here` on its own page, `is_current` also on the pages below it."""

    label: str
    href: str

    @property
    def is_here(self) -> bool:
        """Whether this is the page being shown."""
        return request.path == self.href

    @property
    def is_current(self) -> bool:
        """Whether the page being shown belongs to this entry."""
        return self.is_here or request.path.startswith(f"{self.href}/")


def navigation() -> list[Entry]:
    """The entries, in order; one whose page a deployment doesn't have is left out."""
    entries = {
        "grants.installations": _("Installations"),
        "grants.given": _("Access"),
        "invitations.index": _("Invitations"),
        "accounts.overview": _("Account"),
    }
    known = current_app.view_functions
    return [Entry(label, url_for(page)) for page, label in entries.items() if page in known]
