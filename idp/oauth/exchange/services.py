"""The exchange itself: who acts, by which grant, and the token that says both.

Authority comes from the actor token, from the client that brings it and from the chain of grants
as it stands now; knowing the name of a grant is worth nothing. A grant that doesn't exist, one of
somebody else's and one that has ended answer alike.
"""

from collections.abc import Sequence
from datetime import datetime

from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError
from flask import current_app

from idp.audit import Actor, Event, record
from idp.grants.delegated import Delegated, Party
from idp.oauth import subjects
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.binding import Binding
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidTarget
from idp.oauth.exchange import authority, targets
from idp.oauth.exchange.requests import ACCESS_TOKEN, ExchangeRequest
from idp.oauth.scopes import SCOPES
from idp.oauth.tokens import access_tokens, live
from idp.oauth.tokens.access_tokens import Claims, Issued

Answer = dict[str, object]


def exchange(asked: ExchangeRequest, *, at: datetime) -> Answer:
    """The token endpoint's answer (RFC 8693 section 2.2.1); no refresh token, since every token has
    to be asked for of the chain as it stands then.

    Raises invalid_request for a subject or actor token that can't be used (section 2.2.2),
    invalid_target, invalid_scope.
    """
    if not targets.is_act_aware(asked.resource):
        raise InvalidTarget()
    actor = _actor(asked, at)
    person = live.find_person(actor, at=at)
    if person is None:
        raise InvalidRequestError(ACTOR_REFUSED)
    with_scope = _scope(asked.scope, actor)
    grant = authority.find(asked.grant_id, account_id=person.id, at=at)
    opened = actor.get("authorization_details", [])
    detail = authority.detail_of(grant, opened, asked.narrowed, at=at) if grant else None
    if grant is None or detail is None:
        raise InvalidRequestError(SUBJECT_REFUSED)
    issued = access_tokens.for_holder(
        actor,
        life=_life(actor, grant, at),
        at=at,
        sub=str(grant.access.holder),
        act=_act(grant.grantees),
        aud=asked.resource,
        authorization_details=[detail],
        **with_scope,
        **asked.binding.claims,
    )
    _record(grant, asked.client)
    return _answer(issued, asked, [detail], with_scope)


ACTOR_REFUSED = "The actor token is not one that this client may act with."
SUBJECT_REFUSED = "There is no such grant that the actor may act by now."


def _answer(
    issued: Issued, asked: ExchangeRequest, details: list[Detail], with_scope: dict[str, str]
) -> Answer:
    return {
        "access_token": issued.token,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": asked.binding.token_type,
        "expires_in": issued.expires_in,
        "authorization_details": subjects.told_details(details, asked.client),
        **with_scope,
    }


def _actor(asked: ExchangeRequest, at: datetime) -> Claims:
    """A person's own access token of this very client: somebody else's would lend its power to
    whoever got hold of it, and a token with `act` is no sign-in of anybody's. One that is bound to
    a key is of use to the holder of that key alone (RFC 9449 section 7), who gets another."""
    claims = access_tokens.read_access_token(asked.actor_token, at=at)
    if (
        claims is None
        or claims["client_id"] != asked.client.client_id
        or ("cnf" in claims and Binding.of(claims) != asked.binding)
        or access_tokens.authorization_of(claims) is None
        or "act" in claims
    ):
        raise InvalidRequestError(ACTOR_REFUSED)
    return claims


def _scope(asked: str, actor: Claims) -> dict[str, str]:
    """Of the actor token's scope what says nothing about a person, for the person is not in it."""
    held = [each for each in actor.get("scope", "").split() if each not in SCOPES]
    wanted = list(dict.fromkeys(asked.split()))
    if not set(wanted) <= set(held):
        raise InvalidScopeError()
    scope = " ".join(wanted or held)
    return {"scope": scope} if scope else {}


def _act(grantees: Sequence[Party]) -> Claims:
    """Who acts, and inside it those through whom it came to them (section 4.1)."""
    act: Claims = {}
    for party in grantees:
        act = {"sub": str(party.tax_id), **({"act": act} if act else {})}
    return act


def _life(actor: Claims, grant: Delegated, at: datetime) -> int:
    """Seconds: no longer than the actor's own token, nor than the grant."""
    now = int(at.timestamp())
    ends = [now + int(current_app.config["DELEGATED_TOKEN_SECONDS"]), int(actor["exp"])]
    if grant.access.expires_at is not None:
        ends.append(int(grant.access.expires_at.timestamp()))
    return min(ends) - now


def _record(grant: Delegated, client: RegisteredClient) -> None:
    record(
        Event.TOKEN_EXCHANGED,
        by=Actor("client", client.client_id),
        account=grant.grantees[-1].public_id,
        grant=grant.access.grant_id,
        client=client.client_id,
    )
