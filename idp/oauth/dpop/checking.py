"""The proof of a request, checked from first to last (RFC 9449 section 4.3)."""

from collections.abc import Collection
from datetime import datetime

from flask import current_app
from werkzeug.datastructures import EnvironHeaders, Headers

from idp import clock
from idp.oauth.clients import RegisteredClient
from idp.oauth.clients.vocabulary import FAPI_ALGORITHMS
from idp.oauth.dpop import nonces, proofs, replays, rules
from idp.oauth.dpop.errors import InvalidProof, NonceNeeded
from idp.oauth.dpop.proofs import ALGORITHMS, Proof
from idp.oauth.request import Request

HEADER = "DPoP"
FOR_EVERYBODY = "all"  # of DPOP_NONCES


def is_shown(headers: Headers) -> bool:
    """Whether a request with these headers has a proof. Asked of every request, so where it can be
    of the WSGI environment itself, which takes a twentieth of the time."""
    if isinstance(headers, EnvironHeaders):
        return "HTTP_DPOP" in headers.environ
    return HEADER in headers


def thumbprint_of(request: Request, client: RegisteredClient) -> str | None:
    """RFC 7638 thumbprint of the key that the client proves to hold; None when it has no proof.

    Asked once a request: a proof is used by it. Raises `InvalidProof` or `NonceNeeded`.
    """
    if not is_shown(request.headers):
        return None
    proof = request.headers.get(HEADER, "")
    path, at = request.path, clock.now()
    return check(proof, method=request.method, path=path, client=client, token=None, at=at)


def check(
    text: str,
    *,
    method: str,
    path: str,
    client: RegisteredClient,
    token: str | None,
    at: datetime,
) -> str:
    """The key's thumbprint; `token` is the access token that is shown along, None where there is
    none to show. Raises `InvalidProof` or `NonceNeeded`.

    The address is compared with our own public one, never with what a Host header says: else a
    proof made for another server could be brought to us under that server's name.
    """
    proof = proofs.read(text)
    strict = client.metadata.fapi
    if proof.algorithm not in _accepted(strict):
        raise InvalidProof()
    rules.check_request(proof, method=method, address=f"{current_app.config['ISSUER']}{path}")
    rules.check_time(proof, at=at)
    if token is not None:
        rules.check_token(proof, token)
    _check_nonce(proof, strict, at)
    replays.use(proof)
    return proof.thumbprint


def _check_nonce(proof: Proof, strict: bool, at: datetime) -> None:
    """One that is brought must be fresh, whether one is needed or not."""
    needed = strict or current_app.config["DPOP_NONCES"] == FOR_EVERYBODY
    if (proof.nonce or needed) and not nonces.is_fresh(proof.nonce, at=at):
        raise NonceNeeded()


def _accepted(strict: bool) -> Collection[str]:
    return FAPI_ALGORITHMS if strict else ALGORITHMS
