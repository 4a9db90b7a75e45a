"""Second factors made without a page, and an authenticator that answers as a real one does."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, encode_cbor

from idp import clock, sealing
from idp.accounts.factors import recovery_codes
from idp.accounts.factors.models import Passkey, TotpFactor
from idp.accounts.models import Account
from idp.extensions import db
from idp.identifiers import public_id

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def an_app(account: Account, secret: str = SECRET, **overrides: Any) -> TotpFactor:
    """An authenticator app of this account, committed."""
    values = {
        "account_id": account.id,
        "sealed_secret": sealing.seal(secret),
        "last_step": 0,
        "created_at": clock.now(),
        "last_used_at": None,
    }
    factor = TotpFactor(**{**values, **overrides})
    db.session.add(factor)
    db.session.commit()
    return factor


def a_code(secret: str = SECRET, *, at: datetime | None = None) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(at or clock.now())


def some_codes(account: Account) -> list[str]:
    """Ten recovery codes, committed."""
    codes = recovery_codes.make(account, at=clock.now())
    db.session.commit()
    return codes


@dataclass
class Authenticator:
    """A device with one key (ES256). `counts` is its signature counter; 0 for ever if None."""

    counts: int | None = 0
    synced: bool = False
    verifies: bool = True
    origin: str = ORIGIN
    rp_id: str = "localhost"
    user_handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: str) -> str:
        """What `navigator.credentials.create` gives for these options."""
        asked = json.loads(options)
        self.user_handle = base64url_to_bytes(asked["user"]["id"])
        attested = (
            bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + self.public_key()
        )
        data = self._data(ATTESTED) + attested
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", asked["challenge"])
        return self._credential(
            client_data, attestationObject=encoded(statement), transports=["internal", "?"]
        )

    def get(self, options: str) -> str:
        """What `navigator.credentials.get` gives for these options."""
        if self.counts is not None:
            self.counts += 1
        client_data = self._client_data("webauthn.get", json.loads(options)["challenge"])
        data = self._data()
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            client_data,
            authenticatorData=encoded(data),
            signature=encoded(signature),
            userHandle=encoded(self.user_handle),
        )

    def public_key(self) -> bytes:
        """COSE (RFC 9053 section 7.1.1)."""
        numbers = self.key.public_key().public_numbers()
        return encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        flags |= (ELIGIBLE | BACKED_UP) if self.synced else 0
        return (
            sha256(self.rp_id.encode()).digest() + bytes([flags]) + (self.counts or 0).to_bytes(4)
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _credential(self, client_data: bytes, **response: Any) -> str:
        name = encoded(self.credential_id)
        said = {"clientDataJSON": encoded(client_data), **response}
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": said,
            }
        )


def a_passkey(
    account: Account, authenticator: Authenticator | None = None, **overrides: Any
) -> Passkey:
    """A passkey of this account that `authenticator` has the other half of, committed."""
    device = authenticator or Authenticator()
    device.user_handle = account.public_id.encode()
    values = {
        "public_id": public_id("k"),
        "account_id": account.id,
        "credential_id": device.credential_id,
        "public_key": device.public_key(),
        "sign_count": device.counts or 0,
        "name": "My phone",
        "transports": ["internal"],
        "synced": device.synced,
        "created_at": clock.now(),
        "last_used_at": None,
    }
    passkey = Passkey(**{**values, **overrides})
    db.session.add(passkey)
    db.session.commit()
    return passkey


def encoded(content: bytes) -> str:
    """Base64url without padding, as WebAuthn writes bytes in JSON."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
