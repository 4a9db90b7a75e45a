"""DPoP proofs as they come (RFC 9449 section 4.2): what one says, once its signature holds."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, GuestProtocol, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from idp.oauth.clients.key_sets import PRIVATE
from idp.oauth.dpop.errors import InvalidProof

TYPE = "dpop+jwt"
MAXIMUM_LENGTH = 4096  # characters: an RSA key of 4096 bits and its signature take 1,800
RSA_BITS = range(2048, 4096 + 1)
MAXIMUM_EXPONENT = 2**32  # a larger one only costs us time
# Algorithm → key type and curve: what is not listed, `none` and every shared secret, is refused.
ALGORITHMS: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "ES256": ("EC", "P-256"),
        "PS256": ("RSA", None),
        "RS256": ("RSA", None),
        "EdDSA": ("OKP", "Ed25519"),
    }
)
KINDS: Mapping[str, type[ECKey | RSAKey | OKPKey]] = MappingProxyType(
    {"EC": ECKey, "RSA": RSAKey, "OKP": OKPKey}
)
PUBLIC = ("kty", "crv", "x", "y", "n", "e")


@dataclass(frozen=True, slots=True)
class Proof:
    """The claims of a proof that was signed with the key it carries."""

    thumbprint: str  # of that key (RFC 7638)
    algorithm: str
    jti: str
    method: str  # htm
    address: str  # htu
    issued_at: float  # iat, in seconds since 1970
    nonce: str  # empty: none
    token_hash: str  # ath; empty: made without an access token


class Registry(JWSRegistry):
    """Room for an RSA key in the header; EdDSA by the name that the RFC and clients use for it."""

    max_header_length = MAXIMUM_LENGTH

    def get_alg(self, name: str) -> Any:
        """Ours alone; joserfc's own warns of EdDSA each time."""
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


# What reading says of bytes that somebody else made up: the wrong kind, too deep, too large.
UNREADABLE = (
    JoseError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
REGISTRY = Registry(strict_check_header=False)


def read(text: str) -> Proof:
    """The proof, its form and signature checked (section 4.3, 1 to 7); raises `InvalidProof`.

    Two DPoP headers reach us joined by a comma, which no JWT has in it.
    """
    if len(text) > MAXIMUM_LENGTH or not text.isascii():
        raise InvalidProof()
    try:
        signed = jws.deserialize_compact(text, _key_of, registry=REGISTRY)
        header, claims = signed.headers(), json.loads(signed.payload)
        return _proof(header, claims)
    except UNREADABLE as error:
        raise InvalidProof() from error


def _proof(header: Mapping[str, Any], claims: Mapping[str, Any]) -> Proof:
    """Raises KeyError for a claim that is missing and ValueError for one of the wrong kind."""
    issued_at = claims["iat"]
    if isinstance(issued_at, bool) or not isinstance(issued_at, int | float):
        raise ValueError
    if not math.isfinite(issued_at):
        raise ValueError
    return Proof(
        thumbprint=_imported(*_public(header["jwk"])).thumbprint(),
        algorithm=header["alg"],
        jti=_text(claims["jti"]),
        method=_text(claims["htm"]),
        address=_text(claims["htu"]),
        issued_at=issued_at,
        nonce=_text(claims["nonce"]) if "nonce" in claims else "",
        token_hash=_text(claims["ath"]) if "ath" in claims else "",
    )


def _text(value: object) -> str:
    """JSON can name half a character, which can neither be compared nor kept."""
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError
    return value


def _key_of(signed: GuestProtocol) -> Key:
    """The key in the header, public and of the kind that the algorithm is for."""
    header = signed.headers()
    jwk = header["jwk"]
    wanted = ALGORITHMS[header["alg"]]
    if header.get("typ") != TYPE or "crit" in header or PRIVATE & set(jwk):
        raise ValueError
    if (jwk["kty"], jwk.get("crv") if jwk["kty"] != "RSA" else None) != wanted:
        raise ValueError
    return _imported(*_public(jwk))


def _public(jwk: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The members that make the key; what else it says of itself (`use`, `kid`) is passed over."""
    return tuple((name, _text(jwk[name])) for name in PUBLIC if name in jwk)


@lru_cache(maxsize=1024)
def _imported(*members: tuple[str, str]) -> Key:
    """Kept at hand: a client that is here once will be back."""
    jwk: Any = dict(members)
    key = KINDS[jwk["kty"]].import_key(jwk)
    if isinstance(key, RSAKey):
        numbers = key.public_key.public_numbers()
        if key.public_key.key_size not in RSA_BITS or numbers.e > MAXIMUM_EXPONENT:
            raise ValueError
    _ = key.public_key  # made on first use: a point that is not on its curve raises here
    return key
