"""Codes and refresh tokens are used once.

One is looked up without a lock, for nothing is done with it until the answer is made. Then it is
used by one statement, and of two requests that bring the same one the second waits there, finds it
used, and ends the whole authorization (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2).
"""

from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError
from sqlalchemy import Select, update

from idp import reads
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import digest, secret_token
from idp.oauth.authorization.authorizations import idle_end, revoke
from idp.oauth.authorization.redeemable import Authorized, Code, Refresh
from idp.oauth.authorization.statements import (
    CODE,
    REDEEM_CODE,
    REFRESH_TOKEN,
    ROTATE,
    USED_CODE,
    USED_REFRESH_TOKEN,
)
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import RefreshToken

REPLAYED = {
    USED_CODE: Event.CODE_REPLAYED,
    USED_REFRESH_TOKEN: Event.REFRESH_TOKEN_REPLAYED,
}


def find_code(code: str, client: RegisteredClient, *, at: datetime) -> Code | None:
    """The code, if it is this client's and still good; `redeem_code` uses it.

    One that was used before ends its authorization: whoever has it, one of the two stole it.
    """
    for row in reads.rows(CODE, {"hash": digest(code), "at": at}):
        found = Code.of(row)
        return found if found.authorization.client_id == client.key else None
    _end_if_used(USED_CODE, digest(code), client, at)
    return None


def find_refresh_token(token: str, client: RegisteredClient, *, at: datetime) -> Refresh | None:
    """The refresh token, as `find_code` does it; `rotate` uses it."""
    for row in reads.rows(REFRESH_TOKEN, {"hash": digest(token), "at": at}):
        found = Refresh.of(row)
        return found if found.check_client(client) else None
    _end_if_used(USED_REFRESH_TOKEN, digest(token), client, at)
    return None


def redeem_code(
    code: Code, client: RegisteredClient, *, key: str | None, refreshing: bool, at: datetime
) -> str | None:
    """Use the code, last of all: it is good for one answer; returns a refresh token as
    `issue_refresh_token` makes it, None unless `refreshing`. Raises invalid_grant, and ends the
    authorization, if somebody else was quicker."""
    token = secret_token() if refreshing else None
    asked = _redeeming(code.code_hash, code.authorization, token, key, at)
    if not reads.change(REDEEM_CODE, asked):
        _end_if_used(USED_CODE, code.code_hash, client, at)
        raise InvalidGrantError()
    return token


def rotate(used: Refresh, client: RegisteredClient, *, key: str | None, at: datetime) -> str:
    """The next link of the chain in the place of `used`, as `redeem_code` does it."""
    token = secret_token()
    asked = _redeeming(used.token_hash, used.authorization, token, key, at)
    if not reads.change(ROTATE, asked):
        _end_if_used(USED_REFRESH_TOKEN, used.token_hash, client, at)
        raise InvalidGrantError()
    return token


def prolong(token: Refresh, *, at: datetime) -> None:
    """One that isn't rotated was used: its idle time begins anew."""
    db.session.execute(
        update(RefreshToken)
        .where(RefreshToken.token_hash == token.token_hash)
        .values(expires_at=idle_end(token.authorization, at))
    )


def _redeeming(
    used: bytes, authorization: Authorized, token: str | None, key: str | None, at: datetime
) -> dict[str, Any]:
    return {
        "used": used,
        "token_hash": None if token is None else digest(token),
        "scope": authorization.scope,
        "dpop_jkt": key,
        "at": at,
        "expires_at": idle_end(authorization, at),
    }


def _end_if_used(
    used: Select[int, str, str], secret: bytes, client: RegisteredClient, at: datetime
) -> None:
    """End the authorization of a secret that was used before; nothing for one that is unknown,
    expired or no longer live."""
    for row in reads.rows(used, {"hash": secret, "client": client.key}):
        authorization_id, authorization, account = row
        if revoke(authorization_id, at=at):
            record(
                REPLAYED[used],
                by=Actor("client", client.client_id),
                account=account,
                client=client.client_id,
                authorization=authorization,
            )
