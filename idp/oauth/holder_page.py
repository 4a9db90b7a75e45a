"""The page on which a person picks on whose behalf an application is to act."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock, headers
from idp.accounts.models import BrowserSession
from idp.forms import Form
from idp.grants import holders
from idp.grants.holders import Possible
from idp.oauth import interaction
from idp.oauth.authorization_requests import AuthorizationRequest
from idp.pages.paging import PER_PAGE

# Parameters of our own beside those of the request.
SEARCH = "holder_search"
AFTER = "holder_after"
OURS = frozenset({SEARCH, AFTER})


def show(asked: AuthorizationRequest, session: BrowserSession, query: interaction.Query) -> str:
    """The question; the answer goes to `oauth.choose_holder` together with the whole request."""
    return _page(asked, session, query, None)


def show_again(
    asked: AuthorizationRequest, session: BrowserSession, query: interaction.Query, form: Form
) -> ResponseReturnValue:
    """The same with what is wrong with the answer."""
    return _page(asked, session, query, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(
    asked: AuthorizationRequest,
    session: BrowserSession,
    query: interaction.Query,
    form: Form | None,
) -> str:
    headers.allow_form_redirect(asked.redirect_uri)
    typed, after = (request.args.get(name, "").strip() for name in (SEARCH, AFTER))
    found = holders.page_of(
        session.account_id, at=clock.now(), typed=typed, after=after, limit=PER_PAGE + 1
    )
    shown = found[:PER_PAGE]
    has_more = len(found) > len(shown)
    if not has_more and not after:  # all of them are here: as people look for a name
        shown = sorted(shown, key=lambda each: (each.grant_id is not None, each.name.casefold()))
    kept = [(name, value) for name, value in query if name not in OURS]
    search = [*kept, *([(SEARCH, typed)] if typed else [])]
    return render_template(
        "oauth/holder.html",
        form=form or Form({"holder": shown[0].key} if len(shown) == 1 else None),
        client=asked.client.metadata,
        account=session.account,
        options=[_option(each) for each in shown],
        kept=kept,
        typed=typed,
        is_searchable=bool(has_more or typed or after),
        beginning=_address(kept) if typed or after else "",
        following=_address(search, {AFTER: shown[-1].key}) if has_more else "",
        action=f"{url_for('oauth.choose_holder')}?{urlencode(kept)}",
        other_account=interaction.sign_in_address(asked, kept, at=clock.now()),
    )


def _option(possible: Possible) -> tuple[str, str, str]:
    """Value, label and hint of a radio button."""
    if possible.grant_id is None:
        return possible.key, possible.name, _("Yourself")
    return possible.key, possible.name, possible.holder.masked


def _address(query: interaction.Query, more: Mapping[str, str] | None = None) -> str:
    return f"{url_for('oauth.authorize')}?{urlencode([*query, *(more or {}).items()])}"
