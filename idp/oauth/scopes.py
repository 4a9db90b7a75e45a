"""The scopes that exist, and which claims each opens (OpenID Connect Core section 5.4)."""

from collections.abc import Mapping
from types import MappingProxyType

OFFLINE = "offline_access"

# Scope → claims. `openid` alone opens `sub`; `offline_access` opens nothing but a longer life.
SCOPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "openid": ("sub",),
        "profile": ("name", "locale"),
        "email": ("email", "email_verified"),
        "phone": ("phone_number", "phone_number_verified"),
        "tax_id": ("tax_id", "cpf", "cnpj", "nif"),
        "assurance": ("assurance",),
        "grants": ("grants",),
        "offline_access": (),
    }
)
