"""What both pages of decision show: who asks, what it will see, and of whom."""

from datetime import datetime
from typing import Any

from idp.oauth import subjects
from idp.oauth.approvals.deciding import Question
from idp.oauth.authorization import authorization_details, consent_page, shown
from idp.oauth.scopes import GRANTS


def context(asked: Question, *, at: datetime) -> dict[str, Any]:
    """For `oauth/approval.html`."""
    account, seen = asked.session.account, asked.details
    if seen is None and GRANTS in asked.wanted.scopes:
        seen = authorization_details.of_account(account, holder=asked.holder, at=at)
    sights = consent_page.sights(seen or (), account)
    is_pairwise = subjects.is_pairwise(asked.wanted.client)
    return {
        "application": shown.of(asked.wanted.client.metadata),
        "account": account,
        "first_name": account.name.partition(" ")[0],
        "lines": consent_page.lines(asked.wanted.scopes, is_pairwise=is_pairwise),
        "sights": [(each.whose, each.text, "") for each in sights],
        "lasting": asked.details is None,
        "is_impossible": asked.is_impossible,
        "seen": asked.seen,
    }
