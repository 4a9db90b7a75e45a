"""Applications that hear of sign-outs, and what waits for them."""

from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import select

from idp import clock
from idp.extensions import db
from idp.oauth.clients import RegisteredClient
from idp.oauth.logout.models import LogoutNotice
from idp.oauth.models import Client
from tests.factories.oauth import a_client
from tests.outbound.servers import LOOPBACK, Host

ADDRESS = "https://app.example/signed-out"


def a_hearer(address: str = ADDRESS, **metadata: Any) -> RegisteredClient:
    """A trusted application that registered an address for it."""
    return a_client(**{"first_party": True, "backchannel_logout_uri": address, **metadata})


def noticed() -> list[tuple[str, str, str]]:
    """Client id, subject and `sid` of each notice."""
    notices = select(Client.client_id, LogoutNotice.subject, LogoutNotice.sid)
    joined = notices.join(Client, Client.id == LogoutNotice.client_id).order_by(LogoutNotice.id)
    return [(client_id, subject, sid) for client_id, subject, sid in db.session.execute(joined)]


def a_notice(client: RegisteredClient, **changes: Any) -> None:
    """One that is due, committed."""
    at = clock.now()
    values = {"subject": "br:cpf:52998224725", "sid": "s_1", "created_at": at, "due_at": at}
    row = LogoutNotice(client_id=client.key, attempts=0, **{**values, **changes})
    db.session.add(row)
    db.session.commit()


def local(host: Host) -> str:
    """Where a receiver on this computer listens, without TLS."""
    return host.url("/signed-out", name=LOOPBACK, scheme="http")


def tokens_of(host: Host) -> list[str]:
    """The logout token of each request that it got."""
    return [parse_qs(body.decode())["logout_token"][0] for body in host.bodies]
