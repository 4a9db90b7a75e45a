"""Whether a proof is for this request and was made just now (RFC 9449 section 4.3, 8 to 12)."""

import hashlib
import hmac
from datetime import datetime

from idp import base64url
from idp.oauth.dpop.addresses import normalised
from idp.oauth.dpop.errors import InvalidProof
from idp.oauth.dpop.proofs import Proof

# Either way, in seconds: clocks differ, and FAPI 2.0 section 5.3.2.1 wants 10 s of the future
# accepted and more than 60 s refused.
WINDOW = 60


def check_request(proof: Proof, *, method: str, address: str) -> None:
    """Raises `InvalidProof` for a proof of another method or address than the request's own."""
    named = normalised(proof.address)
    if proof.method != method or named is None or named != normalised(address):
        raise InvalidProof()


def check_time(proof: Proof, *, at: datetime) -> None:
    """Raises `InvalidProof` for what was made too long ago, or will be."""
    if abs(at.timestamp() - proof.issued_at) > WINDOW:
        raise InvalidProof()


def check_token(proof: Proof, token: str) -> None:
    """Raises `InvalidProof` unless it was made for this access token."""
    if not hmac.compare_digest(proof.token_hash.encode(), hash_of(token).encode()):
        raise InvalidProof()


def hash_of(token: str) -> str:
    """`ath`: base64url of SHA-256 (section 4.2)."""
    digest = hashlib.sha256(token.encode()).digest()
    return base64url.encoded(digest)
