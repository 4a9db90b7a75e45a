"""Revoke what a client holds (RFC 7009)."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import digest
from idp.oauth.authorization import authorizations
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization, RefreshToken, RevokedToken
from idp.oauth.tokens import access_tokens


def revoke(token: str, client: RegisteredClient, *, at: datetime) -> None:
    """A refresh token takes its whole authorization with it, an access token goes alone.

    What is unknown, expired or another client's has no effect and is told by nothing.
    """
    if (authorization := _of_refresh_token(token, client)) is not None:
        _end(authorization, client, at)
        return
    claims = access_tokens.read_access_token(token, at=at)
    if claims is not None and claims["client_id"] == client.client_id:
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        statement = insert(RevokedToken).values(jti=claims["jti"], expires_at=expires_at)
        db.session.execute(statement.on_conflict_do_nothing())


def _of_refresh_token(token: str, client: RegisteredClient) -> Authorization | None:
    return db.session.scalar(
        select(Authorization)
        .join(RefreshToken, RefreshToken.authorization_id == Authorization.id)
        .where(RefreshToken.token_hash == digest(token), Authorization.client_id == client.key)
    )


def _end(authorization: Authorization, client: RegisteredClient, at: datetime) -> None:
    if authorizations.revoke(authorization.id, at=at):
        record(
            Event.AUTHORIZATION_REVOKED,
            by=Actor("client", client.client_id),
            account=authorization.account.public_id,
            client=client.client_id,
            authorization=authorization.public_id,
        )
