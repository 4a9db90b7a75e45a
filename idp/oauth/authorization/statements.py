"""The statements by which codes and refresh tokens are found and used, put together once: doing
that for each request takes longer than running them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Select,
    TextClause,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.sql.elements import SQLCoreOperations

from idp.accounts.models import Account, BrowserSession
from idp.oauth.authorization.models import Consent
from idp.oauth.authorization.redeemable import Code, Owner, Refresh, Standing, columns_of
from idp.oauth.models import Authorization, AuthorizationCode, Client, RefreshToken

AT: BindParameter[datetime] = bindparam("at", type_=DateTime(timezone=True))


def is_live(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """SQL: the authorization stands, its person, browser session and consent with it.

    Without `offline_access` it ends when the browser session is ended or reaches its full age; the
    session's idle time doesn't count, since the person may be busy in the application.
    """
    trusted_or_agreed = or_(
        _is_there(Client.id == Authorization.client_id, Client.first_party),
        _is_there(
            Consent.client_id == Authorization.client_id,
            Consent.account_id == Authorization.account_id,
            Consent.withdrawn_at.is_(None),
        ),
    )
    return and_(
        Authorization.revoked_at.is_(None),
        Authorization.expires_at > at,
        Account.locked_at.is_(None),
        or_(Authorization.offline, _session_lives(at)),
        trusted_or_agreed,
    )


def _session_lives(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return _is_there(
        BrowserSession.id == Authorization.session_id,
        BrowserSession.ended_at.is_(None),
        BrowserSession.expires_at > at,
    )


def _is_there(*conditions: SQLCoreOperations[bool]) -> ColumnElement[bool]:
    """Whether the one row that they can be true of is there. EXISTS beside an OR is planned twice,
    the second time as reading all rows that could ever be asked for; this is a look-up."""
    found = select(true()).where(*conditions).correlate(Authorization)
    return found.scalar_subquery().is_(true())


def _good(
    kind: type[AuthorizationCode | RefreshToken],
    token_hash: Any,
    members: Any,
    *also: ColumnElement[bool],
) -> Select[*tuple[Any, ...]]:
    """The secret with its authorization and account, in the order of `redeemable`, as long as it is
    unused and all of it is live.

    OFFSET 0 has the secret looked up first, and then what it hangs from: left to itself, the
    planner begins with the account while tables are small, and reads all that was ever let in.
    """
    secret = (
        select(kind.authorization_id, *columns_of(kind, members))
        .where(token_hash == bindparam("hash"), kind.used_at.is_(None), kind.expires_at > AT)
        .offset(literal_column("0"))
        .subquery("secret")
    )
    whole = (
        select(*columns_of(Authorization, Standing), *columns_of(Account, Owner))
        .join(Authorization.account)
        .where(Authorization.id == secret.c.authorization_id, is_live(AT), *also)
        .offset(literal_column("0"))
        .lateral("whole")
    )
    return select(*whole.c, *list(secret.c)[1:]).select_from(secret.join(whole, true()))


def _used(kind: type[AuthorizationCode | RefreshToken], token_hash: Any) -> Select[int, str, str]:
    """Whose secret that was used before this is, while its authorization stands."""
    return (
        select(Authorization.id, Authorization.public_id, Account.public_id)
        .join(kind.authorization)
        .join(Authorization.account)
        .where(
            token_hash == bindparam("hash"),
            kind.used_at.is_not(None),
            Authorization.client_id == bindparam("client"),
            Authorization.revoked_at.is_(None),
        )
    )


def _redeem(table: str, name: str) -> TextClause:
    """Use the secret, unless it was used or its authorization has ended, and keep the refresh token
    that takes its place, unless that is NULL: a row, or nothing has happened.

    Of two at the same time the second waits for the first and then finds it used.
    """
    return text(
        f"""
        WITH used AS (
            UPDATE {table} AS secret SET used_at = :at
             WHERE secret.{name} = :used AND secret.used_at IS NULL
               AND (SELECT z.revoked_at IS NULL FROM authorizations z
                     WHERE z.id = secret.authorization_id)
            RETURNING secret.authorization_id
        ), next AS (
            INSERT INTO refresh_tokens
                   (token_hash, authorization_id, scope, dpop_jkt, created_at, expires_at)
            SELECT :token_hash, used.authorization_id, CAST(:scope AS text),
                   CAST(:dpop_jkt AS text), :at, :expires_at
              FROM used WHERE CAST(:token_hash AS bytea) IS NOT NULL
        )
        SELECT authorization_id FROM used
        """  # noqa: S608 - no value is put in, only our own names
    )


# An application that signed somebody in after the sign-out would never be told of it.
CODE = _good(AuthorizationCode, AuthorizationCode.code_hash, Code, _session_lives(AT))
REFRESH_TOKEN = _good(RefreshToken, RefreshToken.token_hash, Refresh)
USED_CODE = _used(AuthorizationCode, AuthorizationCode.code_hash)
USED_REFRESH_TOKEN = _used(RefreshToken, RefreshToken.token_hash)
REDEEM_CODE = _redeem("authorization_codes", "code_hash")
ROTATE = _redeem("refresh_tokens", "token_hash")
