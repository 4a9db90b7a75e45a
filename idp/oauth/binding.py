"""What an access token is bound to (RFC 7800, `cnf`), so that it is worth nothing to whoever merely
has it: a key that its holder proves to have, or a certificate that its holder connects with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Binding:
    """Empty members: not to such a thing."""

    key: str = ""  # RFC 7638 thumbprint (RFC 9449 section 6.1)
    certificate: str = ""  # base64url of its SHA-256 (RFC 8705 section 3.1)

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> Self:
        """What a token of ours says of itself."""
        cnf = claims.get("cnf", {})
        return cls(key=cnf.get("jkt", ""), certificate=cnf.get("x5t#S256", ""))

    @property
    def claims(self) -> dict[str, Any]:
        """`cnf` for a token; nothing for one that is not bound."""
        named = {"jkt": self.key, "x5t#S256": self.certificate}
        cnf = {name: value for name, value in named.items() if value}
        return {"cnf": cnf} if cnf else {}

    @property
    def token_type(self) -> str:
        """How the token is shown (RFC 9449 section 5, RFC 8705 section 3)."""
        return "DPoP" if self.key else "Bearer"


UNBOUND = Binding()
