"""Pages of the staff console, under /admin; importing them hangs them on the blueprint."""

from idp.admin.views import (
    accounts,
    grant_uses,
    grants,
    home,
    invitations,
    machinery,
    sign_in,
    trail,
)

__all__ = [
    "accounts",
    "grant_uses",
    "grants",
    "home",
    "invitations",
    "machinery",
    "sign_in",
    "trail",
]
