"""Pages of recovery, by what a person wants to do."""

from idp.accounts.recovery.views import (
    email,
    email_links,
    email_unknown,
    factor_removals,
    lost_email,
    resets,
)

__all__ = ["email", "email_links", "email_unknown", "factor_removals", "lost_email", "resets"]
