"""Pages of registration, activation and kinds of accounts, by what a person wants to do."""

from idp.accounts.registration.views import activation, form, kind

__all__ = ["activation", "form", "kind"]
