"""Pages of this feature, by what a person wants to do."""

from idp.accounts.data.views import account, closing, export, profile, terms

__all__ = ["account", "closing", "export", "profile", "terms"]
