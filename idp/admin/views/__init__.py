"""Pages of the staff console, under /admin; importing them hangs them on the blueprint."""

from idp.admin.views import (
    accounts,
    cases,
    grant_uses,
    grants,
    home,
    invitations,
    machinery,
    mandates,
    recovery,
    reviews,
    sign_in,
    trail,
)

__all__ = [
    "accounts",
    "cases",
    "grant_uses",
    "grants",
    "home",
    "invitations",
    "machinery",
    "mandates",
    "recovery",
    "reviews",
    "sign_in",
    "trail",
]
