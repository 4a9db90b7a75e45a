"""The statements by which codes and refresh tokens are found and rotated, put together once: doing
that for each request takes longer than running them."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.orm import contains_eager

from idp.accounts.models import Account, BrowserSession
from idp.oauth.authorization.models import Consent
from idp.oauth.models import Authorization, AuthorizationCode, Client, RefreshToken

T = TypeVar("T", AuthorizationCode, RefreshToken)

AT: BindParameter[datetime] = bindparam("at", type_=DateTime(timezone=True))


def is_live(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """SQL: the authorization stands, its person, browser session and consent with it.

    Without `offline_access` it ends when the browser session is ended or reaches its full age; the
    session's idle time doesn't count, since the person may be busy in the application.
    """
    trusted_or_agreed = exists().where(
        Client.id == Authorization.client_id, Client.first_party
    ) | exists().where(
        Consent.client_id == Authorization.client_id,
        Consent.account_id == Authorization.account_id,
        Consent.withdrawn_at.is_(None),
    )
    return and_(
        Authorization.revoked_at.is_(None),
        Authorization.expires_at > at,
        Account.locked_at.is_(None),
        or_(Authorization.offline, _session_lives(at)),
        trusted_or_agreed,
    )


def _session_lives(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return exists().where(
        BrowserSession.id == Authorization.session_id,
        BrowserSession.ended_at.is_(None),
        BrowserSession.expires_at > at,
    )


def _by_hash(kind: type[T], token_hash: Any, *also: ColumnElement[bool]) -> Select[T, bool]:
    """The row, locked, with its authorization and account, and whether all of it is live."""
    return (
        select(kind, and_(is_live(AT), *also))
        .join(kind.authorization)
        .join(Authorization.account)
        .where(token_hash == bindparam("hash"), Authorization.client_id == bindparam("client"))
        .with_for_update(of=kind)
        .options(contains_eager(kind.authorization).contains_eager(Authorization.account))
        .execution_options(populate_existing=True)
    )


# An application that signed somebody in after the sign-out would never be told of it.
CODE = _by_hash(AuthorizationCode, AuthorizationCode.code_hash, _session_lives(AT))
REFRESH_TOKEN = _by_hash(RefreshToken, RefreshToken.token_hash)
ROTATE = text(
    """
    WITH used AS (UPDATE refresh_tokens SET used_at = :at WHERE token_hash = :used)
    INSERT INTO refresh_tokens
           (token_hash, authorization_id, scope, dpop_jkt, created_at, expires_at)
    VALUES (:token_hash, :authorization_id, :scope, :dpop_jkt, :at, :expires_at)
    """
)
