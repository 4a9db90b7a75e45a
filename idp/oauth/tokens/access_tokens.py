"""Access tokens: RFC 9068, one audience, short-lived; `jti` names what they hang from."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from idp.oauth import clients, keys, subjects
from idp.oauth.authorization.redeemable import Authorized
from idp.oauth.binding import Binding
from idp.oauth.clients import RegisteredClient
from idp.oauth.scopes import GRANTS

ACCESS_TOKEN_ALGORITHM = "ES256"  # noqa: S105 - an algorithm's name
ACCESS_TOKEN_TYPE = "at+jwt"  # noqa: S105 - RFC 9068 section 2.1
ID_TOKEN_TYPE = "JWT"  # noqa: S105 - a type's name
JTI_BYTES = 16
KEPT = ("client_id", "auth_time", "acr", "amr", "sid")  # of the actor's token
OWN = "owner"  # the relation of one's own installations

Detail = dict[str, Any]
Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Issued:
    """An access token and its life in seconds."""

    token: str
    expires_in: int


def for_client(
    client: RegisteredClient, *, scope: str, resource: str, binding: Binding, at: datetime
) -> Issued:
    """A token of the client's own; its `sub` is the client id (RFC 9068 section 5)."""
    claims = {"sub": client.client_id, "client_id": client.client_id, "aud": resource}
    if scope:
        claims["scope"] = scope
    return _issue({**claims, "jti": _random(), **binding.claims}, life=_life(()), at=at)


def for_authorization(
    authorization: Authorized,
    *,
    client: RegisteredClient,
    scope: str,
    details: Sequence[Detail] | None,
    binding: Binding,
    at: datetime,
) -> Issued:
    """A token for the person who signed in; `details` is what it says of installations."""
    claims: Claims = {
        "sub": str(authorization.account.tax_id),
        "client_id": client.client_id,
        "aud": authorization.resource,
        "scope": scope,
        "jti": f"{authorization.public_id}.{_random()}",
        **authentication_claims(authorization),
        **binding.claims,
    }
    if details is not None:
        claims["authorization_details"] = list(details)
    return _issue(claims, life=_life(details or ()), at=at)


def for_holder(actor: Claims, *, life: int, at: datetime, **said: Any) -> Issued:
    """A token in a holder's name (RFC 8693 section 4.1): when, how and in which session the actor
    signed in, of whom `actor` are the token's claims, and what is `said` of both."""
    kept = {name: actor[name] for name in KEPT if name in actor}
    jti = f"{authorization_of(actor)}.{_random()}"
    return _issue({**kept, **said, "jti": jti}, life=life, at=at)


def for_grants(token: str, *, at: datetime) -> Issued:
    """One that goes along with an access token of ours and hangs from the same authorization, good
    for reading the person's grants here and for nothing else; raises ValueError for another's."""
    claims = read(token, kind=ACCESS_TOKEN_TYPE)
    if claims is None:
        raise ValueError("not an access token of ours")
    kept = {name: claims[name] for name in ("sub", *KEPT, "cnf") if name in claims}
    here = {"aud": current_app.config["ISSUER"], "scope": GRANTS}
    jti = f"{authorization_of(claims)}.{_random()}"
    life = int(current_app.config["DELEGATED_TOKEN_SECONDS"])
    return _issue({**kept, **here, "jti": jti}, life=life, at=at)


def authentication_claims(authorization: Authorized) -> Claims:
    """When, how and in which session the person signed in: kept through every refresh."""
    return {
        "auth_time": int(authorization.auth_time.timestamp()),
        "acr": authorization.acr,
        "amr": authorization.amr,
        "sid": authorization.sid,
    }


def read_access_token(token: str, *, at: datetime) -> Claims | None:
    """The claims of a token of ours that has not expired, of a client in use, else None.

    Whether it was revoked meanwhile is for the caller to ask; `aud` is for its reader to compare.
    It speaks of people by tax id again, whatever names its client was told (see `subjects`).
    """
    claims = read(token, kind=ACCESS_TOKEN_TYPE)
    if claims is None or claims["exp"] <= at.timestamp():
        return None
    client = clients.find(claims["client_id"])
    return subjects.understood(claims, client) if client else None


def read(token: str, *, kind: str) -> Claims | None:
    """The claims of a token that we signed with `typ` = `kind`, expired or not, else None.

    Nothing in the header but its being one of ours has a say (see `keys.jws`).
    """
    claims = keys.verified(token, kind=kind)
    return claims if claims and claims.get("iss") == current_app.config["ISSUER"] else None


def authorization_of(claims: Mapping[str, Any]) -> str | None:
    """The public id of the authorization, None for a client's own token."""
    public_id, dot, _ = str(claims["jti"]).partition(".")
    return public_id if dot else None


def _issue(claims: Claims, *, life: int, at: datetime) -> Issued:
    issued_at = int(at.timestamp())
    times = {"iss": current_app.config["ISSUER"], "iat": issued_at, "exp": issued_at + life}
    client = clients.find(claims["client_id"])
    said = {**times, **(subjects.told(claims, client) if client else claims)}
    token = keys.sign(said, algorithm=ACCESS_TOKEN_ALGORITHM, kind=ACCESS_TOKEN_TYPE)
    return Issued(token, life)


def _life(details: Iterable[Detail]) -> int:
    """Seconds: shorter when somebody else's installations are among them."""
    config = current_app.config
    ordinary: int = config["ACCESS_TOKEN_SECONDS"]
    if any(detail.get("relation", OWN) != OWN for detail in details):
        return min(ordinary, int(config["DELEGATED_TOKEN_SECONDS"]))
    return ordinary


def _random() -> str:
    return secrets.token_urlsafe(JTI_BYTES)
