"""Authorizations, the codes and refresh tokens that are made of them, and their end.

How those are used, once each: `redeeming`.
"""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import update

from idp.accounts.models import BrowserSession
from idp.extensions import db
from idp.identifiers import digest, secret_token
from idp.oauth.authorization import agreements
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.redeemable import Authorized
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization, AuthorizationCode, RefreshToken
from idp.taxids import TaxId

FAPI_CODE_SECONDS = 60


def begin(
    asked: AuthorizationRequest,
    session: BrowserSession,
    *,
    details: list[Detail] | None,
    holder: TaxId | None,
    at: datetime,
) -> str:
    """Record what the person agreed to, on behalf of `holder` alone unless None; returns the
    authorization code."""
    authorization = agreements.add(asked, session, details=details, holder=holder, at=at)
    return _code(asked, authorization, at)


def issue_refresh_token(authorization: Authorized, *, key: str | None, at: datetime) -> str:
    """The first link of a chain, with all of the scope that was granted (RFC 6749 section 6); only
    for who holds `key`, a thumbprint, unless None."""
    token = secret_token()
    db.session.add(
        RefreshToken(
            token_hash=digest(token),
            authorization_id=authorization.id,
            scope=authorization.scope,
            dpop_jkt=key,
            created_at=at,
            expires_at=idle_end(authorization, at),
        )
    )
    db.session.flush()
    return token


def revoke(authorization_id: int, *, at: datetime) -> bool:
    """End the authorization and all that hangs from it; False if it had ended before."""
    ended = db.session.execute(
        update(Authorization)
        .where(Authorization.id == authorization_id, Authorization.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(Authorization.id)
    )
    return ended.first() is not None


def idle_end(authorization: Authorized, at: datetime) -> datetime:
    """When a refresh token that is used at no time later is no longer good."""
    idle = timedelta(seconds=current_app.config["REFRESH_TOKEN_IDLE_SECONDS"])
    return min(at + idle, authorization.expires_at)


def _code_life(client: RegisteredClient) -> timedelta:
    """What is configured, but for FAPI 2.0 (section 5.3.2.1) a minute at most."""
    seconds: int = current_app.config["AUTHORIZATION_CODE_SECONDS"]
    return timedelta(seconds=min(seconds, FAPI_CODE_SECONDS) if client.metadata.fapi else seconds)


def _code(asked: AuthorizationRequest, authorization: Authorization, at: datetime) -> str:
    code = secret_token()
    db.session.add(
        AuthorizationCode(
            code_hash=digest(code),
            authorization_id=authorization.id,
            redirect_uri=asked.redirect_uri,
            redirect_uri_given=asked.redirect_uri_given,
            code_challenge=asked.code_challenge,
            dpop_jkt=asked.dpop_jkt or None,
            expires_at=at + _code_life(asked.client),
        )
    )
    db.session.flush()
    return code
