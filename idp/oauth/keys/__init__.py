"""Our signing keys: made on first need, sealed at rest, rotated with overlap, kept in memory."""

from idp.oauth.keys.algorithms import ALGORITHMS
from idp.oauth.keys.jws import sign, verified
from idp.oauth.keys.rings import JWKS_MAX_AGE, init_app, ring
from idp.oauth.keys.rotation import purge, rotate, rotate_due

__all__ = [
    "ALGORITHMS",
    "JWKS_MAX_AGE",
    "init_app",
    "purge",
    "ring",
    "rotate",
    "rotate_due",
    "sign",
    "verified",
]
