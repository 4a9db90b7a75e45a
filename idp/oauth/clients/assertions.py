"""client_secret_jwt and private_key_jwt (RFC 7523 section 3, OpenID Connect Core section 9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from flask import current_app
from sqlalchemy.dialects.postgresql import insert

from idp.extensions import db, release
from idp.identifiers import digest
from idp.oauth.clients import registered, signatures
from idp.oauth.clients.models import UsedAssertion
from idp.oauth.clients.registered import RegisteredClient
from idp.oauth.clients.signatures import NotSigned
from idp.oauth.clients.vocabulary import CLIENT_ALGORITHMS, FAPI_ALGORITHMS, SECRET_ALGORITHMS

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFE = timedelta(minutes=10)  # the longest; what says that it is good for longer, is not
CLOCK_SLACK = timedelta(seconds=60)
MAXIMUM_ID = 512  # characters of a `jti`
METHODS: Mapping[str, Collection[str]] = {
    "private_key_jwt": CLIENT_ALGORITHMS,
    "client_secret_jwt": SECRET_ALGORITHMS,
}


class NotProven(Exception):
    """Whatever it was: strangers are not told."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """The claims that count, of the right kinds."""

    client_id: str
    audience: object
    identifier: str
    expires_at: datetime
    begins_at: datetime | None  # the later of `iat` and `nbf`; None: it has neither

    @classmethod
    def parse(cls, claims: Mapping[str, Any]) -> Self:
        """Raises `NotProven`; section 3 demands `iss`, `sub`, `aud`, `exp`, and Core `jti`."""
        issuer, identifier = claims.get("iss"), claims.get("jti")
        times = {name: _moment(claims[name]) for name in ("exp", "iat", "nbf") if name in claims}
        if not isinstance(issuer, str) or claims.get("sub") != issuer or "exp" not in times:
            raise NotProven()
        if not isinstance(identifier, str) or not 0 < len(identifier) <= MAXIMUM_ID:
            raise NotProven()
        if not identifier.isprintable():  # JSON can name half a character, which nobody can keep
            raise NotProven()
        expires_at = times.pop("exp")
        begins_at = max(times.values(), default=None)
        return cls(issuer, claims.get("aud"), identifier, expires_at, begins_at)

    def last(self, at: datetime) -> datetime:
        """Until when it is good. One that doesn't say when it was made, and is good for longer
        than we take any, never is."""
        if self.begins_at is not None:
            return min(self.expires_at, self.begins_at + LIFE)
        return self.expires_at if self.expires_at <= at + LIFE else at


def authenticate(form: Mapping[str, str], at: datetime) -> tuple[RegisteredClient, str]:
    """The client that signed `client_assertion`, and its method; raises `NotProven`."""
    try:
        assertion = Assertion.parse(signatures.read(form.get("client_assertion", "")).claims)
        client = registered.find(assertion.client_id)
        if client is None or form.get("client_assertion_type") != TYPE:
            raise NotProven()
        release()  # the client's keys may have to be fetched
        signatures.check(form["client_assertion"], client, _algorithms(client))
    except NotSigned as error:
        raise NotProven() from error
    _check(assertion, form, at)
    _use(assertion, at)
    return client, client.metadata.token_endpoint_auth_method


def _algorithms(client: RegisteredClient) -> Collection[str]:
    metadata = client.metadata
    known = METHODS.get(metadata.token_endpoint_auth_method, ())
    if metadata.token_endpoint_auth_signing_alg:
        known = {metadata.token_endpoint_auth_signing_alg}
    return FAPI_ALGORITHMS & set(known) if metadata.fapi else known


def _check(assertion: Assertion, form: Mapping[str, str], at: datetime) -> None:
    """`aud` is our issuer as a string and nothing else: what was made for another server, or for
    several, could be brought here by one of those."""
    if assertion.audience != current_app.config["ISSUER"]:
        raise NotProven()
    if form.get("client_id", assertion.client_id) != assertion.client_id:
        raise NotProven()
    if assertion.begins_at is not None and assertion.begins_at > at + CLOCK_SLACK:
        raise NotProven()
    if assertion.last(at) <= at:
        raise NotProven()


def _use(assertion: Assertion, at: datetime) -> None:
    """Once, whichever worker it is shown to, and whatever becomes of the request."""
    known = digest(f"{assertion.client_id}:{assertion.identifier}")
    used = insert(UsedAssertion).values(digest=known, expires_at=assertion.last(at))
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        first = used.on_conflict_do_nothing().returning(UsedAssertion.digest)
        if connection.scalar(first) is None:
            raise NotProven()


def _moment(value: object) -> datetime:
    """A NumericDate (RFC 7519 section 2)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotProven()
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise NotProven() from error
