"""Sign-out that an application asks for (OpenID Connect RP-Initiated Logout 1.0)."""

import json
from dataclasses import dataclass
from datetime import datetime

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import InvalidRequestError

from idp import signing
from idp.accounts import sessions
from idp.accounts.models import BrowserSession
from idp.audit import Event, record
from idp.oauth import clients
from idp.oauth.clients import RegisteredClient
from idp.oauth.request import Payload
from idp.oauth.sessions import began_in
from idp.oauth.tokens import id_tokens

PURPOSE = "logout"
KEPT = "asked"  # the parameter that carries a request of which we have read what counts


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """What was asked for, as far as it can be believed."""

    client: RegisteredClient | None
    sid: str  # of the session that the ID Token hint speaks of; empty: no valid hint
    uri: str  # registered; empty: stay here
    state: str  # goes back with it

    @property
    def redirect_uri(self) -> str:
        """Where to go afterwards (section 3); empty: stay here."""
        return _with_state(self.uri, self.state) if self.uri else ""

    def is_of(self, session: BrowserSession) -> bool:
        """Whether the hint was issued in this very session: then nobody needs to be asked."""
        return bool(self.sid) and began_in(self.sid, session)


def check(payload: Payload) -> LogoutRequest:
    """Raises invalid_request when the request contradicts itself (section 2): no redirect then."""
    if payload.repeated():
        raise InvalidRequestError("A parameter was given more than once.")
    data = payload.data
    if KEPT in data:
        return _kept(data[KEPT])
    hint = data.get("id_token_hint")
    claims = id_tokens.read_hint(hint) if hint else None
    client_id = data.get("client_id")
    if claims is not None and client_id not in {None, claims["aud"]}:
        raise InvalidRequestError("client_id is not the audience of id_token_hint.")
    client = clients.find(claims["aud"] if claims else client_id or "")
    spoilt = bool(hint) and claims is None
    return LogoutRequest(
        client=client,
        sid=str(claims["sid"]) if claims else "",
        uri="" if spoilt else _registered(data.get("post_logout_redirect_uri", ""), client),
        state=data.get("state", ""),
    )


def keep(asked: LogoutRequest) -> str:
    """The same for an address of ours, signed: an ID Token tells who somebody is, and addresses
    are seen by many."""
    client_id = asked.client.client_id if asked.client else ""
    return signing.sign(PURPOSE, json.dumps([client_id, asked.sid, asked.uri, asked.state]))


def end(session: BrowserSession, *, at: datetime) -> None:
    """Sign this browser out; with its session end the authorizations without offline_access."""
    record(
        Event.SESSION_ENDED,
        by=session.account.actor,
        account=session.account.public_id,
        session=session.public_id,
    )
    sessions.end(session, at=at)


def _kept(signed: str) -> LogoutRequest:
    """What `keep` wrote; the client may have changed meanwhile."""
    text = signing.unsign(PURPOSE, signed)
    if text is None:
        raise InvalidRequestError("This is not a request of ours.")
    client_id, sid, uri, state = json.loads(text)
    client = clients.find(client_id)
    return LogoutRequest(client, sid, _registered(uri, client), state)


def _registered(uri: str, client: RegisteredClient | None) -> str:
    """`uri` if the client registered it, character by character, else nothing."""
    known = client is not None and uri in client.metadata.post_logout_redirect_uris
    return uri if known else ""


def _with_state(uri: str, state: str) -> str:
    return str(add_params_to_uri(uri, [("state", state)])) if state else uri
