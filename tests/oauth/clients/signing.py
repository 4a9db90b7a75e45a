"""What clients with keys do: sign assertions, show certificates."""

import base64
import datetime
import secrets
import time
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from idp.oauth.clients import RegisteredClient
from idp.oauth.clients.signatures import REGISTRY
from tests.oauth.flow import ISSUER

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = ECKey.generate_key("P-256", parameters={"kid": "one"})
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
ED = OKPKey.generate_key("Ed25519", parameters={"kid": "ed"})
KEYS = {"keys": [each.as_dict(private=False) for each in (KEY, RSA, ED)]}


def jwks(*keys: Key) -> dict[str, Any]:
    """The public half of each."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def claims_for(client: RegisteredClient, **changes: Any) -> dict[str, Any]:
    """Those of an assertion; None leaves one out."""
    now = int(time.time())
    claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": ISSUER,
        "jti": secrets.token_urlsafe(),
        "iat": now,
        "exp": now + 60,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def signed(claims: dict[str, Any], key: Key = KEY, algorithm: str = "ES256", **header: Any) -> str:
    """A compact JWS."""
    written = {"alg": algorithm, **({"kid": key.kid} if key.kid else {}), **header}
    return jwt.encode(written, claims, key, registry=REGISTRY)


def proof_of(client: RegisteredClient, **changes: Any) -> dict[str, str]:
    """The form fields of private_key_jwt."""
    return {
        "client_assertion_type": TYPE,
        "client_assertion": signed(claims_for(client, **changes)),
    }


def secret_proof_of(client: RegisteredClient, secret: str, **changes: Any) -> dict[str, str]:
    """The form fields of client_secret_jwt."""
    assertion = signed(claims_for(client, **changes), OctKey.import_key(secret), "HS256")
    return {"client_assertion_type": TYPE, "client_assertion": assertion}


class Authority:
    """An authority that issues certificates to clients."""

    def __init__(self, name: str = "Clients' authority") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._issued(_named(name), self._key, (), is_authority=True)

    def issue(self, subject: str, *names: x509.GeneralName, days: int = 1) -> x509.Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        return self._issued(x509.Name.from_rfc4514_string(subject), key, names, days=days)

    def _issued(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        names: tuple[x509.GeneralName, ...],
        *,
        days: int = 1,
        is_authority: bool = False,
    ) -> x509.Certificate:
        issuer = subject if is_authority else self.certificate.subject
        builder = _builder(subject, issuer, key, days)
        if is_authority:
            builder = _as_authority(builder, self._key)
        else:
            own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            builder = builder.add_extension(own, critical=False)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def self_signed(days: int = 1) -> tuple[x509.Certificate, dict[str, Any]]:
    """A certificate, and the key set that registers it (RFC 8705 section 2.2.2)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("a client")
    certificate = _builder(name, name, key, days).sign(key, hashes.SHA256())
    der = certificate.public_bytes(serialization.Encoding.DER)
    jwk = ECKey.import_key(key.public_key()).as_dict(private=False)
    return certificate, {"keys": [{**jwk, "x5c": [base64.b64encode(der).decode()]}]}


def as_nginx_says(certificate: x509.Certificate) -> str:
    """`$ssl_client_escaped_cert`."""
    return quote(certificate.public_bytes(serialization.Encoding.PEM).decode())


def as_rfc9440_says(certificate: x509.Certificate) -> str:
    """Client-Cert, a byte sequence of a structured field."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return f":{base64.b64encode(der).decode()}:"


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    """Good from two days ago, for `days` from now; negative: no longer."""
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _as_authority(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(own, critical=False)
    )
