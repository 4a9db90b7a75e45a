"""The page on which a person says as whom to go on: as they are signed in, or as somebody else."""

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from idp.accounts.models import BrowserSession
from idp.oauth.authorization import interaction, shown
from idp.oauth.authorization.marks import Query
from idp.oauth.authorization.requests import AuthorizationRequest


def show(
    asked: AuthorizationRequest,
    session: BrowserSession,
    query: Query,
    *,
    at: datetime,
) -> ResponseReturnValue:
    """Two links: nothing changes by the answer, which goes on with the request, signed."""
    return render_template(
        "oauth/account.html",
        application=shown.of(asked.client.metadata),
        account=session.account,
        same=interaction.chosen_address(asked, session, query, at=at),
        other=interaction.sign_in_address(asked, query, at=at),
    )
