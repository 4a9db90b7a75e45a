"""The page on which a person agrees: who asks, and what it will see, in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from idp import clock, headers
from idp.accounts.models import Account, BrowserSession
from idp.extensions import db
from idp.forms import Form
from idp.oauth import subjects
from idp.oauth.authorization import authorization_details, interaction, shown
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.marks import Query
from idp.oauth.authorization.on_behalf import Behalf
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.scopes import GRANTS
from idp.registry.models import Holder
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Sight:
    """One line of "João may see": whose installations, how many, to do what."""

    whose: str
    text: str


def show(
    asked: AuthorizationRequest,
    session: BrowserSession,
    details: list[Detail] | None,
    behalf: Behalf,
    query: Query,
) -> ResponseReturnValue:
    """The question; the answer goes to `oauth.consent` together with the whole request."""
    headers.allow_form_redirect(asked.redirect_uri)
    account = session.account
    seen = details
    if seen is None and GRANTS in asked.told:
        seen = authorization_details.of_account(account, holder=behalf.holder, at=clock.now())
    return render_template(
        "oauth/consent.html",
        form=Form(),
        application=shown.of(asked.client.metadata),
        account=account,
        first_name=account.name.partition(" ")[0],
        lines=lines(asked.told, is_pairwise=subjects.is_pairwise(asked.client)),
        sights=[(each.whose, each.text, "") for each in sights(seen or (), account)],
        lasting=details is None,
        seen=interaction.fingerprint(details, behalf),
        action=f"{url_for('oauth.consent')}?{urlencode(query)}",
        other_account=interaction.sign_in_address(asked, query, at=clock.now()),
    )


def lines(scopes: Iterable[str], *, is_pairwise: bool) -> list[str]:
    """What each scope opens, in plain words; a pairwise application reads no tax id."""
    words = {
        "openid": _("That it is you, without your tax id")
        if is_pairwise
        else _("Who you are: your tax id"),
        "profile": _("Your name and your language"),
        "email": _("Your e-mail address"),
        "phone": _("Your phone number"),
        "address": _("Your postal address"),
        "tax_id": _("Your tax id, part by part"),
        "assurance": _("How we checked that it is really you"),
        "grants": _("The installations that you hold, and those that others opened to you"),
        "grant_uses": _("It tells those who opened installations to you what you do with them"),
        "offline_access": _("All this also while you are not signed in here"),
    }
    known = [words[scope] for scope in words if scope in set(scopes)]
    return [*known, *sorted(scope for scope in scopes if scope not in words)]


def sights(details: Sequence[Detail], account: Account) -> list[Sight]:
    """Whose installations these details open, line by line."""
    names = _names(details)
    return [
        Sight(
            whose=_whose(detail, account, names),
            text=", ".join(filter(None, (_installations(detail), _actions(detail)))),
        )
        for detail in details
    ]


def _whose(detail: Detail, account: Account, names: dict[str, str]) -> str:
    holder = detail.get("holder")
    if holder is None:
        if detail["relation"] == "owner":
            return _("Your own installations")
        return _("Installations that others opened to you")
    if holder == str(account.tax_id):
        return _("Your own installations")
    return names.get(holder) or TaxId.parse_canonical(holder).masked


def _installations(detail: Detail) -> str:
    count = detail["count"] if "count" in detail else len(detail["installations"])
    return ngettext("%(num)s installation", "%(num)s installations", count)


def _actions(detail: Detail) -> str:
    actions = detail.get("actions")
    if actions is None:
        return ""
    return _("look and make changes") if "write" in actions else _("only look")


def _names(details: Sequence[Detail]) -> dict[str, str]:
    wanted = {TaxId.parse_canonical(each["holder"]) for each in details if "holder" in each}
    if not wanted:
        return {}
    rows = db.session.execute(select(Holder.tax_id, Holder.name).where(Holder.tax_id.in_(wanted)))
    return {str(tax_id): name for tax_id, name in rows}
