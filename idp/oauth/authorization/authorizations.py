"""Authorizations and the secrets that hang from them: codes and refresh tokens, each used once.

A code or refresh token is looked up under a lock, so of two requests that bring the same one the
second waits, finds it used, and ends the whole authorization (RFC 9700 sections 2.1.1 and 4.14).
"""

from datetime import datetime, timedelta
from typing import TypeVar

from flask import current_app
from sqlalchemy import Select, update

from idp.accounts.models import Account, BrowserSession
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import digest, secret_token
from idp.oauth.authorization import agreements
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.authorization.statements import CODE, REFRESH_TOKEN, ROTATE
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization, AuthorizationCode, RefreshToken
from idp.taxids import TaxId

T = TypeVar("T", AuthorizationCode, RefreshToken)

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


def find_code(code: str, client: RegisteredClient, *, at: datetime) -> AuthorizationCode | None:
    """The code, locked until the end of the transaction, if it is this client's and still good.

    One that was used before ends its authorization: whoever has it, one of the two stole it.
    """
    return _once(_locked(CODE, code, client, at), client, Event.CODE_REPLAYED, at)


def find_refresh_token(
    token: str, client: RegisteredClient, *, at: datetime
) -> RefreshToken | None:
    """The refresh token, as `find_code` does it."""
    return _once(
        _locked(REFRESH_TOKEN, token, client, at), client, Event.REFRESH_TOKEN_REPLAYED, at
    )


def rotate(used: RefreshToken, *, key: str | None, at: datetime) -> str:
    """The next link of the chain in the place of `used`, as `issue_refresh_token` makes it."""
    token = secret_token()
    authorization = used.authorization
    values = {
        "used": used.token_hash,
        "token_hash": digest(token),
        "authorization_id": authorization.id,
        "scope": authorization.scope,
        "dpop_jkt": key,
        "at": at,
        "expires_at": _idle_end(authorization, at),
    }
    db.session.connection().execute(ROTATE, values)
    return token


def issue_refresh_token(authorization: Authorization, *, key: str | None, at: datetime) -> str:
    """The next link of the chain, with all of the scope that was granted (RFC 9700 4.14.2); only
    for who holds `key`, a thumbprint, unless None."""
    token = secret_token()
    db.session.add(
        RefreshToken(
            token_hash=digest(token),
            authorization_id=authorization.id,
            scope=authorization.scope,
            dpop_jkt=key,
            created_at=at,
            expires_at=_idle_end(authorization, at),
        )
    )
    db.session.flush()
    return token


def prolong(token: RefreshToken, *, at: datetime) -> None:
    """One that isn't rotated was used: its idle time begins anew."""
    token.expires_at = _idle_end(token.authorization, at)


def revoke(authorization_id: int, *, at: datetime) -> bool:
    """End the authorization and all that hangs from it; False if it had ended before."""
    ended = db.session.execute(
        update(Authorization)
        .where(Authorization.id == authorization_id, Authorization.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(Authorization.id)
    )
    return ended.first() is not None


def _idle_end(authorization: Authorization, at: datetime) -> datetime:
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


def _locked(
    statement: Select[T, bool], secret: str, client: RegisteredClient, at: datetime
) -> tuple[T, bool] | None:
    """The row with its authorization and account, and whether all of it is live."""
    asked = {"hash": digest(secret), "client": client.key, "at": at}
    row = db.session.execute(statement, asked).first()
    return (row[0], row[1]) if row else None


def _once(
    found: tuple[T, bool] | None, client: RegisteredClient, replayed: Event, at: datetime
) -> T | None:
    if found is None:
        return None
    secret, live = found
    if secret.used_at is not None:
        if revoke(secret.authorization_id, at=at):
            _record(replayed, secret.authorization, secret.authorization.account, client)
        return None
    return secret if live and secret.expires_at > at else None


def _record(
    event: Event, authorization: Authorization, account: Account, client: RegisteredClient
) -> None:
    record(
        event,
        by=Actor("client", client.client_id),
        account=account.public_id,
        client=client.client_id,
        authorization=authorization.public_id,
    )
