"""Pages of second factors, by what a person wants to do."""

from idp.accounts.factors.views import app, codes, confirming, entering, overview, passkeys

__all__ = ["app", "codes", "confirming", "entering", "overview", "passkeys"]
