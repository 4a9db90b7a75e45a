"""tls_client_auth and self_signed_tls_client_auth (RFC 8705 section 2) behind a proxy.

The proxy ends TLS and says in CLIENT_CERTIFICATE_HEADER which certificate the client showed; it has
to overwrite whatever the client put there. Without the setting no such header is ever looked at.
The proxy may let every certificate through: those of tls_client_auth are checked here against
CLIENT_CERTIFICATE_AUTHORITIES.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import (
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)
from flask import current_app
from werkzeug.datastructures import Headers

from idp import base64url
from idp.oauth.clients import keys
from idp.oauth.clients.certificate_names import is_named
from idp.oauth.clients.registered import RegisteredClient
from idp.oauth.request import Request

MAXIMUM_LENGTH = 32 * 1024  # characters of the header
MAXIMUM_CHAIN = 4
PEM = "-----BEGIN"


class WithHeaders(Protocol):
    """A request, whichever way it came in."""

    @property
    def headers(self) -> Headers: ...


def of(request: WithHeaders) -> x509.Certificate | None:
    """What the client showed the proxy; None when it showed none, or we don't ask."""
    header = current_app.config["CLIENT_CERTIFICATE_HEADER"]
    value = request.headers.get(header, "") if header else ""
    return _parsed(value) if 0 < len(value) <= MAXIMUM_LENGTH else None


def thumbprint_of(request: WithHeaders) -> str | None:
    """What tokens are bound to: base64url of its SHA-256 (RFC 8705 section 3.1)."""
    certificate = of(request)
    if certificate is None:
        return None
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    return base64url.encoded(digest)


def is_proven(request: Request, client: RegisteredClient, at: datetime) -> bool:
    """Whether the certificate is the one that this client registered, and is good now."""
    certificate = of(request)
    if certificate is None:
        return False
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        return False
    if client.metadata.token_endpoint_auth_method == "tls_client_auth":  # noqa: S105 - a name
        return is_named(certificate, client.metadata) and _is_trusted(certificate, at)
    return _is_registered(certificate, client)


def _is_registered(certificate: x509.Certificate, client: RegisteredClient) -> bool:
    """Section 2.2.2: one of those in the client's key set, by its public key."""
    shown = _public(certificate.public_key())
    known = [_public(key.public_key) for key in keys.of(client).keys if hasattr(key, "public_key")]
    return any([hmac.compare_digest(shown, each) for each in known])


def _is_trusted(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether an authority of ours issued it, directly or by one that is in the same file."""
    file = current_app.config["CLIENT_CERTIFICATE_AUTHORITIES"]
    if not file:
        return False
    authorities = _authorities(file)
    anything = ExtensionPolicy.permit_all()
    policy = PolicyBuilder().store(Store(authorities)).time(at).max_chain_depth(MAXIMUM_CHAIN)
    policy = policy.extension_policies(
        ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=anything
    )
    try:
        policy.build_client_verifier().verify(certificate, [])
    except (VerificationError, ValueError):
        return False
    return True


@lru_cache(maxsize=4)
def _authorities(file: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(Path(file).read_bytes())


@lru_cache(maxsize=1024)
def _parsed(value: str) -> x509.Certificate | None:
    """URL-encoded PEM (nginx, `$ssl_client_escaped_cert`) or Client-Cert (RFC 9440 section 2.1)."""
    try:
        if value.startswith(":") and value.endswith(":"):
            return x509.load_der_x509_certificate(base64.b64decode(value[1:-1], validate=True))
        pem = unquote(value)
        return x509.load_pem_x509_certificate(pem.encode()) if pem.startswith(PEM) else None
    except (binascii.Error, ValueError, TypeError):
        return None


def _public(key: Any) -> bytes:
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
