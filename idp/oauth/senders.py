"""Who may show a token: at the token endpoint what a new one is bound to, and at our own endpoints
whether a bound one is shown by whom it is bound to (RFC 9449 sections 5 and 7, RFC 8705 section 3).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.datastructures import Headers

from idp.oauth import clients, dpop
from idp.oauth.binding import UNBOUND, Binding
from idp.oauth.clients import RegisteredClient, certificates
from idp.oauth.errors import CertificateNeeded, InvalidToken
from idp.oauth.request import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

BEARER, DPOP = "bearer", "dpop"  # schemes are compared without regard to case (RFC 9110 11.1)


@dataclass(frozen=True, slots=True)
class Shown:
    """An access token and the scheme that it is shown by."""

    scheme: str  # BEARER or DPOP
    token: str


class Asked(Protocol):
    """A request by whichever way it came in."""

    method: str
    environ: "WSGIEnvironment"

    @property
    def headers(self) -> Headers: ...


def binding_for(request: Request, client: RegisteredClient) -> Binding:
    """What the tokens of this request are bound to. Nothing is looked at when neither the client
    nor the request speaks of it.

    Raises `InvalidProof`, `NonceNeeded`, or `CertificateNeeded` for a client that registered to be
    bound and shows nothing.
    """
    metadata = client.metadata
    constrained = metadata.is_sender_constrained or metadata.fapi
    if not constrained and not dpop.is_shown(request.headers):
        return UNBOUND
    key = dpop.thumbprint_of(request, client) or ""
    if metadata.dpop_bound_access_tokens and not key:
        raise dpop.InvalidProof()
    certificate = ""
    if metadata.tls_client_certificate_bound_access_tokens:
        certificate = certificates.thumbprint_of(request) or ""
    if constrained and not (key or certificate):
        raise CertificateNeeded()
    return Binding(key=key, certificate=certificate)


def find_shown(header: str) -> Shown | None:
    """The access token of an Authorization header; None when it holds something else."""
    scheme, _, token = header.partition(" ")
    named = scheme.lower()
    return Shown(named, token.strip()) if named in (BEARER, DPOP) else None


def check_shown(claims: Mapping[str, Any], shown: Shown, asked: Asked, *, at: datetime) -> None:
    """Raises `InvalidToken` for a token that is bound to something else than what is shown along,
    a bound one shown as if it weren't and the other way round; `InvalidProof` or `NonceNeeded` as
    a resource server answers them (RFC 9449 sections 7 and 9)."""
    binding = Binding.of(claims) if "cnf" in claims else UNBOUND
    if bool(binding.key) != (shown.scheme == DPOP):
        raise InvalidToken()
    if binding is UNBOUND:
        return
    client = clients.find(claims["client_id"])
    if client is None:
        raise InvalidToken()
    if binding.key and not hmac.compare_digest(binding.key, _proven(shown, asked, client, at)):
        raise InvalidToken()
    certificate = certificates.thumbprint_of(asked) if binding.certificate else None
    if not hmac.compare_digest(binding.certificate, certificate or ""):
        raise InvalidToken()


def _proven(shown: Shown, asked: Asked, client: RegisteredClient, at: datetime) -> str:
    """The thumbprint of the key that the request proves to hold."""
    try:
        return dpop.check(
            asked.headers.get(dpop.HEADER, ""),
            method=asked.method,
            path=asked.environ.get("PATH_INFO", ""),  # the address says what a Host header says
            client=client,
            token=shown.token,
            at=at,
        )
    except dpop.ProofRefused as refused:
        refused.status_code = HTTPStatus.UNAUTHORIZED
        raise
