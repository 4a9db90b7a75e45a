"""Pages of this feature, by what a person wants to do."""

from idp.accounts.views import (
    account,
    activation,
    browser_sessions,
    closing,
    confirmation,
    registration,
    sign_in,
)

__all__ = [
    "account",
    "activation",
    "browser_sessions",
    "closing",
    "confirmation",
    "registration",
    "sign_in",
]
