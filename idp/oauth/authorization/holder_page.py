"""The page on which a person picks on whose behalf an application is to act."""

from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext as _

from idp import clock, headers
from idp.accounts.models import BrowserSession
from idp.forms import Form, cleaned
from idp.grants import holders
from idp.grants.holders import Possible
from idp.oauth.authorization import interaction
from idp.oauth.authorization.marks import Query
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.pages.paging import PER_PAGE

# Parameters of our own beside those of the request.
SEARCH = "holder_search"
AFTER = "holder_after"
OURS = frozenset({SEARCH, AFTER})


def show(asked: AuthorizationRequest, session: BrowserSession, query: Query, form: Form) -> str:
    """The question, searched and paged; the answer goes on with the whole request."""
    headers.allow_form_redirect(asked.redirect_uri)
    typed, after = (cleaned(name, request.args.get(name, "")) for name in (SEARCH, AFTER))
    shown, has_more = _page_of(session, typed, after)
    if len(shown) == 1:
        form.values.setdefault("holder", shown[0].key)
    kept = of_request(query)
    search = {SEARCH: typed} if typed else {}
    return render_template(
        "oauth/holder.html",
        form=form,
        client=asked.client.metadata,
        account=session.account,
        options=[_option(each) for each in shown],
        kept=kept,
        typed=typed,
        is_searchable=bool(has_more or typed or after),
        beginning=_address(kept) if typed or after else "",
        following=_address(kept, **search, **{AFTER: shown[-1].key}) if has_more else "",
        action=_address(kept),
        other_account=interaction.sign_in_address(asked, kept, at=clock.now()),
    )


def _page_of(session: BrowserSession, typed: str, after: str) -> tuple[list[Possible], bool]:
    """What stands on the page, and whether there is another one; where there is only one, other
    people's names stand in their order, as they are looked for."""
    found = holders.page_of(
        session.account_id, at=clock.now(), typed=typed, after=after, limit=PER_PAGE + 1
    )
    has_more = len(found) > PER_PAGE
    if not has_more and not after:
        found.sort(key=lambda each: (each.grant_id is not None, each.name.casefold()))
    return found[:PER_PAGE], has_more


def of_request(query: Query) -> list[tuple[str, str]]:
    """The query without what is the page's own."""
    return [(name, value) for name, value in query if name not in OURS]


def _option(possible: Possible) -> tuple[str, str, str]:
    """Value, label and hint of a radio button."""
    if possible.grant_id is None:
        return possible.key, possible.name, _("Yourself")
    return possible.key, possible.name, possible.holder.masked


def _address(query: Query, **ours: str) -> str:
    return f"{url_for('oauth.show_holders')}?{urlencode([*query, *ours.items()])}"
