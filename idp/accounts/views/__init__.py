"""Pages of this feature, by what a person wants to do."""

from idp.accounts.views import (
    account,
    browser_sessions,
    closing,
    confirmation,
    sign_in,
)

__all__ = [
    "account",
    "browser_sessions",
    "closing",
    "confirmation",
    "sign_in",
]
