"""Sign-out that an application asks for (OpenID Connect RP-Initiated Logout 1.0)."""

from dataclasses import dataclass
from datetime import datetime

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import InvalidRequestError

from idp.accounts import sessions
from idp.accounts.models import BrowserSession
from idp.audit import Event, record
from idp.oauth import clients
from idp.oauth.clients import RegisteredClient
from idp.oauth.request import Payload
from idp.oauth.sessions import began_in
from idp.oauth.tokens import id_tokens


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """What was asked for, as far as it can be believed."""

    client: RegisteredClient | None
    sid: str  # of the session that the ID Token hint speaks of; empty: no valid hint
    redirect_uri: str  # registered, with `state` in it; empty: stay here

    def is_of(self, session: BrowserSession) -> bool:
        """Whether the hint was issued in this very session: then nobody needs to be asked."""
        return bool(self.sid) and began_in(self.sid, session)


def check(payload: Payload) -> LogoutRequest:
    """Raises invalid_request when the request contradicts itself (section 2): no redirect then."""
    if payload.repeated():
        raise InvalidRequestError("A parameter was given more than once.")
    data = payload.data
    hint = data.get("id_token_hint")
    claims = id_tokens.read_hint(hint) if hint else None
    client_id = data.get("client_id")
    if claims is not None and client_id not in {None, claims["aud"]}:
        raise InvalidRequestError("client_id is not the audience of id_token_hint.")
    client = clients.find(claims["aud"] if claims else client_id or "")
    sid = str(claims["sid"]) if claims else ""
    spoilt = bool(hint) and claims is None
    return LogoutRequest(client, sid, "" if spoilt else _redirect_uri(payload, client))


def end(session: BrowserSession, *, at: datetime) -> None:
    """Sign this browser out; with its session end the authorizations without offline_access."""
    record(
        Event.SESSION_ENDED,
        by=session.account.actor,
        account=session.account.public_id,
        session=session.public_id,
    )
    sessions.end(session, at=at)


def _redirect_uri(payload: Payload, client: RegisteredClient | None) -> str:
    uri = payload.data.get("post_logout_redirect_uri", "")
    if client is None or uri not in client.metadata.post_logout_redirect_uris:
        return ""
    state = payload.state
    return str(add_params_to_uri(uri, [("state", state)])) if state else str(uri)
