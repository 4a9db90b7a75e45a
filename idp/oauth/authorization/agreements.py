"""What a person agreed to, as an authorization: by whichever way the application asked."""

from datetime import datetime, timedelta
from typing import Protocol

from flask import current_app

from idp.accounts.models import Account, BrowserSession
from idp.accounts.sessions import acr_of
from idp.audit import Event, record
from idp.extensions import db
from idp.identifiers import public_id
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.claims_requests import Kept
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization
from idp.oauth.scopes import OFFLINE
from idp.taxids import TaxId


class Agreed(Protocol):
    """A request that a person agreed to."""

    @property
    def client(self) -> RegisteredClient: ...
    @property
    def scope(self) -> str: ...
    @property
    def resource(self) -> str: ...
    @property
    def nonce(self) -> str: ...
    @property
    def claims(self) -> Kept | None: ...


def add(
    asked: Agreed,
    session: BrowserSession,
    *,
    details: list[Detail] | None,
    holder: TaxId | None,
    at: datetime,
) -> Authorization:
    """Record what the person agreed to in this session, on behalf of `holder` alone unless None."""
    authorization = Authorization(
        public_id=public_id("z"),
        client_id=asked.client.key,
        account_id=session.account_id,
        session_id=session.id,
        sid=session.public_id,
        offline=OFFLINE in asked.scope.split(),
        scope=asked.scope,
        authorization_details=details,
        claims_requested=asked.claims,
        holder_tax_id=holder,
        resource=asked.resource,
        nonce=asked.nonce,
        auth_time=session.authenticated_at,
        acr=acr_of(session.amr),
        amr=session.amr,
        created_at=at,
        expires_at=at + timedelta(seconds=current_app.config["REFRESH_TOKEN_LIFE_SECONDS"]),
    )
    db.session.add(authorization)
    db.session.flush()
    _record(authorization, session.account, asked.client)
    return authorization


def _record(authorization: Authorization, account: Account, client: RegisteredClient) -> None:
    record(
        Event.AUTHORIZATION_ISSUED,
        by=account.actor,
        account=account.public_id,
        client=client.client_id,
        authorization=authorization.public_id,
    )
