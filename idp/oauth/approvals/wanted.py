"""What an application wants to be allowed, read from its request or from the row that waits."""

from dataclasses import dataclass
from typing import Self

from authlib.oauth2.rfc6749 import UnauthorizedClientError

from idp.errors import NotFound
from idp.oauth import clients
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.authorization import authorization_details
from idp.oauth.authorization.authorization_details import Asked
from idp.oauth.authorization.checks import check_scope, check_target, details_of
from idp.oauth.clients import RegisteredClient
from idp.oauth.request import Payload
from idp.oauth.scopes import GRANTS
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Wanted:
    """The same parts as an authorization request has, but those that need a browser."""

    client: RegisteredClient
    scope: str
    resource: str
    details: tuple[Asked, ...]  # RFC 9396; empty: none asked for
    nonce: str = ""
    claims: None = None  # asked for one by one (Core section 5.5)

    @classmethod
    def of(cls, row: PendingApproval) -> Self:
        """Raises `NotFound` where the client is no longer in use."""
        client = clients.find(row.client.client_id)
        if client is None:
            raise NotFound()
        details = row.authorization_details
        parsed = authorization_details.parse(details, client) if details else ()
        return cls(client, row.scope, row.resource, parsed)

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes one by one."""
        return frozenset(self.scope.split())

    def holder_for(self, person: TaxId) -> TaxId | None:
        """On whose behalf alone: of an application that acts for one holder at a time that whom the
        details name, else the person. There is no page here to pick from."""
        if not self.client.metadata.single_holder or not (self.details or GRANTS in self.scopes):
            return None
        return next((each.holder for each in self.details if each.holder), person)


def check(payload: Payload, client: RegisteredClient, *, grant_type: str) -> Wanted:
    """Raises unauthorized_client, invalid_scope, invalid_target, invalid_authorization_details."""
    if not client.check_grant_type(grant_type):
        raise UnauthorizedClientError("The client is not registered for this grant type.")
    check_scope(payload, client)
    check_target(payload, client)
    data = payload.data
    return Wanted(
        client=client,
        scope=str(client.get_allowed_scope(data.get("scope"))),
        resource=data.get("resource") or client.default_resource(),
        details=details_of(data, client),
    )
