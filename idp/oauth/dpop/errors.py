"""What is wrong with a proof, in the words of RFC 9449 sections 5, 7.1, 8 and 9."""

from authlib.oauth2.rfc6749 import OAuth2Error


class ProofRefused(OAuth2Error):  # type: ignore[misc]
    """Either of these: 400 at the token endpoint, 401 where an access token is shown."""


class InvalidProof(ProofRefused):
    """Missing, malformed, for another request, too old or used before: all alike."""

    error = "invalid_dpop_proof"
    description = "The DPoP proof is missing, malformed, used before or not for this request."


class NonceNeeded(ProofRefused):
    """The proof is good but for its nonce; the answer's header has one to try again with."""

    error = "use_dpop_nonce"
    description = "The DPoP proof needs the nonce of the DPoP-Nonce header."
