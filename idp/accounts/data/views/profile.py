"""My telephone numbers, and the language in which I am written to."""

from http import HTTPStatus

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, i18n
from idp.accounts import reauthentication, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.data import profile
from idp.accounts.data.schemas import LanguageSchema, PhonesSchema
from idp.accounts.refusals import shown_again
from idp.accounts.sessions import sign_in_required
from idp.extensions import transaction
from idp.forms import Form
from idp.phones import readable

PHONES = "accounts/data/phones.html"
LANGUAGE = "accounts/data/language.html"


@blueprint.get("/account/profile")
@reauthentication.required
def phones() -> ResponseReturnValue:
    """The numbers on record, to be changed."""
    account = sessions.current_account()
    typed = {"mobile": readable(account.mobile), "landline": readable(account.landline)}
    form = Form(typed)
    return render_template(PHONES, form=form, account=account)


@blueprint.post("/account/profile")
@reauthentication.required
def submit_phones() -> ResponseReturnValue:
    """Put them on record, and tell the person by mail."""
    account, form = sessions.current_account(), Form()
    data = form.load(PhonesSchema())
    if data is None:
        return shown_again(PHONES, form, account=account)
    with transaction():
        changed = profile.change_phones(
            account,
            mobile=data["mobile"] or "",
            landline=data["landline"] or "",
            at=clock.now(),
        )
    if changed:
        flash(_("Your phone numbers are changed. We tell you by e-mail."), "success")
    return redirect(url_for("accounts.overview"), HTTPStatus.SEE_OTHER)


@blueprint.get("/account/profile/language")
@sign_in_required
def language() -> ResponseReturnValue:
    """The languages there are."""
    form = Form({"locale": sessions.current_account().locale})
    return render_template(LANGUAGE, form=form, languages=_languages())


@blueprint.post("/account/profile/language")
@sign_in_required
def submit_language() -> ResponseReturnValue:
    """Write in it from now on, and show the pages in it, too."""
    account, form = sessions.current_account(), Form()
    data = form.load(LanguageSchema())
    if data is None:
        return shown_again(LANGUAGE, form, languages=_languages())
    with transaction():
        profile.change_language(account, data["locale"])
    # `lang` keeps the choice in the browser's cookie, as the switch in the header does.
    return redirect(url_for("accounts.overview", lang=data["locale"]), HTTPStatus.SEE_OTHER)


def _languages() -> list[tuple[str, str, str]]:
    """As options of the radios macro, each in its own words."""
    return [(tag, i18n.NAMES[tag], "") for tag in current_app.config["LOCALES"]]
