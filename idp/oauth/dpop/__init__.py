"""DPoP (RFC 9449): who shows a token shows, too, that they hold the key that it is bound to.

`proofs` reads one, `rules` decides whether it fits the request, `nonces` and `replays` see to it
that it was made just now and is used once, whichever worker is asked.
"""

from idp.oauth.dpop.checking import HEADER, check, is_shown, thumbprint_of
from idp.oauth.dpop.errors import InvalidProof, NonceNeeded, ProofRefused
from idp.oauth.dpop.proofs import ALGORITHMS
from idp.oauth.dpop.telling import NONCE_HEADER, nonce_for, telling_nonce

__all__ = [
    "ALGORITHMS",
    "HEADER",
    "NONCE_HEADER",
    "InvalidProof",
    "NonceNeeded",
    "ProofRefused",
    "check",
    "is_shown",
    "nonce_for",
    "telling_nonce",
    "thumbprint_of",
]
