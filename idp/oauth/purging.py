"""Drop what can never be used again; the trail keeps what happened."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.extensions import db
from idp.oauth import keys
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.authorization.models import PushedRequest
from idp.oauth.clients import invitations
from idp.oauth.clients.models import UsedAssertion
from idp.oauth.models import Authorization, AuthorizationCode, RefreshToken, RevokedToken

# A used code or refresh token that comes back within this time still ends its authorization.
REPLAY_WINDOW = timedelta(days=1)


def purge(at: datetime) -> int:
    """Delete expired codes, tokens, authorizations, approvals, revocations and keys;
    returns how many.

    Deleting an authorization takes its codes and refresh tokens along.
    """
    expired = (
        delete(AuthorizationCode).where(AuthorizationCode.expires_at < at - REPLAY_WINDOW),
        delete(RefreshToken).where(RefreshToken.expires_at < at - REPLAY_WINDOW),
        delete(RevokedToken).where(RevokedToken.expires_at < at),
        delete(PushedRequest).where(PushedRequest.expires_at < at),
        delete(PendingApproval).where(PendingApproval.expires_at < at - REPLAY_WINDOW),
        delete(UsedAssertion).where(UsedAssertion.expires_at < at),
        delete(Authorization).where(Authorization.expires_at < at - REPLAY_WINDOW),
    )
    gone = [db.session.connection().execute(statement).rowcount for statement in expired]
    return sum(gone) + keys.purge(at) + invitations.purge(at)
