"""Pages of sign-in, by what a person wants to do."""

from idp.accounts.sign_in.views import browser_sessions, confirmation, entrance

__all__ = ["browser_sessions", "confirmation", "entrance"]
