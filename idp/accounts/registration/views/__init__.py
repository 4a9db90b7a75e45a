"""Pages of registration and activation, by what a person wants to do."""

from idp.accounts.registration.views import activation, form

__all__ = ["activation", "form"]
