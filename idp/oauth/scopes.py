"""The scopes that exist, and which claims each opens (OpenID Connect Core section 5.4)."""

import re
from collections.abc import Mapping
from types import MappingProxyType

OFFLINE = "offline_access"
GRANTS = "grants"
GRANT_USES = "grant_uses"
API_SCOPE = re.compile(r"[a-z][a-z0-9_.:-]{0,63}")  # of a resource server's own, as `bills:read`

# Scope → claims. `openid` alone opens `sub`; `offline_access` opens nothing but a longer life,
# and `grant_uses` is the one that a client may also have for itself: to report uses of grants.
SCOPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "openid": ("sub",),
        "profile": ("name", "locale"),
        "email": ("email", "email_verified"),
        "phone": ("phone_number", "phone_number_verified"),
        "address": ("address",),
        "tax_id": ("tax_id", "cpf", "cnpj", "nif"),
        "assurance": ("assurance",),
        "grants": ("grants",),
        "grant_uses": (),
        "offline_access": (),
    }
)


def is_registrable(scope: str) -> bool:
    """Whether a client may be registered for this: one of ours, or a resource server's own."""
    return scope in SCOPES or API_SCOPE.fullmatch(scope) is not None
