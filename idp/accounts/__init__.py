"""Accounts: registration, activation, sign-in, recovery and browser sessions."""

from flask import Flask

from idp.accounts import passwords, sessions, tax_id_words
from idp.accounts.blueprint import blueprint
from idp.accounts.data import exporting
from idp.accounts.data import views as data_views  # noqa: F401 - importing registers the routes
from idp.accounts.factors import pending
from idp.accounts.factors import views as factor_views  # noqa: F401 - as above
from idp.accounts.fields import countries_of, issuers_of
from idp.accounts.passwords import policy, wording
from idp.accounts.passwords import views as password_views  # noqa: F401 - as above
from idp.accounts.recovery import views as recovery_views  # noqa: F401 - as above
from idp.accounts.registration import drafts
from idp.accounts.registration import views as registration_views  # noqa: F401 - as above
from idp.accounts.sign_in import identifiers, known_devices
from idp.accounts.sign_in import views as sign_in_views  # noqa: F401 - as above

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register the pages, and the cookies of sessions and of sign-ins that wait."""
    passwords.init_app(app)
    exporting.add(*exporting.OF_ACCOUNTS)
    app.register_blueprint(blueprint)
    app.after_request(sessions.write_cookie)
    app.after_request(known_devices.write_cookie)
    app.after_request(pending.write_cookie)
    app.after_request(drafts.write_cookie)
    app.jinja_env.globals.update(
        find_account=sessions.find_account,
        countries_of=countries_of,
        issuers_of=issuers_of,
        tax_id_label=tax_id_words.label,
        tax_id_hint=tax_id_words.hint,
        password_hint=wording.hint,
        sign_in_name=identifiers.name_of,
        password_rules=policy.rules,
    )
