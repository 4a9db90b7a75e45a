"""Accounts: registration, activation, sign-in, recovery and browser sessions."""

from flask import Flask

from idp.accounts import (
    passwords,
    sessions,
    views,  # noqa: F401 - importing the pages registers their routes
)
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import pending
from idp.accounts.fields import countries_of
from idp.accounts.passwords import policy, wording
from idp.accounts.passwords import views as password_views  # noqa: F401 - as above
from idp.accounts.recovery import views as recovery_views  # noqa: F401 - as above
from idp.accounts.registration import views as registration_views  # noqa: F401 - as above
from idp.accounts.sign_in import views as sign_in_views  # noqa: F401 - as above

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register the pages, and the cookies of sessions and of sign-ins that wait."""
    passwords.init_app(app)
    app.register_blueprint(blueprint)
    app.after_request(sessions.write_cookie)
    app.after_request(pending.write_cookie)
    app.jinja_env.globals.update(
        find_account=sessions.find_account,
        countries_of=countries_of,
        password_hint=wording.hint,
        password_rules=policy.rules,
    )
