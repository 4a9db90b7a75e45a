"""Who is asking: a resource server, or a person through an application with their own token.

A resource server proves itself as at introspection, or by a token of its own that is meant for us.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from idp.access.errors import MayNotAsk
from idp.access.reading import Question
from idp.machine import MachineRequest
from idp.oauth import clients, resources, senders
from idp.oauth.clients import RegisteredClient, authentication
from idp.oauth.clients.authentication import ClientUnknown
from idp.oauth.errors import InvalidToken
from idp.oauth.request import Request
from idp.oauth.scopes import GRANTS
from idp.oauth.tokens import access_tokens, bearer, live
from idp.oauth.tokens.access_tokens import Claims


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may ask."""

    client_id: str
    subject: str | None  # the only subject that they may ask about; None: a resource server
    holder: str | None = None  # the only holder whom their token speaks of; None: any

    def admit(self, question: Question) -> Question:
        """The question, kept to the holder whom the caller's token speaks of.

        Raises `MayNotAsk` for another subject or holder, whether there is such a one or not.
        """
        if self.subject is not None and question.subject.id != self.subject:
            raise MayNotAsk()
        if self.holder is None:
            return question
        if question.resource.holder not in (None, self.holder):
            raise MayNotAsk()
        return replace(question, resource=replace(question.resource, holder=self.holder))

    def check_is_resource_server(self) -> None:
        """Raises `MayNotAsk`: who else may act somewhere is not for every application to know."""
        if self.subject is not None:
            raise MayNotAsk()


def identify(asked: MachineRequest, at: datetime) -> Caller:
    """The caller of this request; raises `ClientUnknown`, `InvalidToken`, `InsufficientScope` or
    `MayNotAsk`."""
    shown = senders.find_shown(asked.headers.get("Authorization", ""))
    if shown is not None:
        return _of_token(bearer.read(shown, asked, at=at), at)
    client = authentication.authenticate(Request(asked))
    if client.metadata.is_public:
        raise ClientUnknown()
    return _resource_server(client)


def _of_token(claims: Claims, at: datetime) -> Caller:
    if access_tokens.authorization_of(claims) is None:
        return _of_client(claims)
    person = bearer.get_person(claims, scope=GRANTS, at=at)
    holder = None if person.holder is None else str(person.holder)
    return Caller(claims["client_id"], subject=str(person.tax_id), holder=holder)


def _of_client(claims: Claims) -> Caller:
    """`aud` must be ourselves: else any API that a resource server calls could ask in its name."""
    client = clients.find(claims["client_id"])
    if (
        client is None
        or not resources.is_meant_for(claims, resources.ACCESS)
        or live.is_revoked(claims)
    ):
        raise InvalidToken()
    return _resource_server(client)


def _resource_server(client: RegisteredClient) -> Caller:
    if not client.metadata.introspect:
        raise MayNotAsk()
    return Caller(client.client_id, subject=None)
