"""Pages of the staff console, under /admin; importing them hangs them on the blueprint."""

from idp.admin.views import accounts, grants, home, invitations, machinery, sign_in, trail

__all__ = ["accounts", "grants", "home", "invitations", "machinery", "sign_in", "trail"]
