"""Pages of the staff console, under /admin; importing them hangs them on the blueprint."""

from idp.admin.views import (
    accounts,
    agencies,
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
    "agencies",
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
