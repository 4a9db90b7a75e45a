"""Pages of recovery, by what a person wants to do."""

from idp.accounts.recovery.views import resets

__all__ = ["resets"]
