"""Our own APIs as protected resources: what tokens for them are for, and how one learns of it
(RFC 8707, RFC 9728).

A token for the issuer opens each of them, one for a single API that one alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import current_app

from idp.oauth.scopes import GRANT_USES, GRANTS, OFFLINE, SCOPES

WELL_KNOWN = "/.well-known/oauth-protected-resource"
ISSUER = ""  # all that is ours; the paths of the others are those of their addresses
USER_INFO = "/oauth/userinfo"
ACCESS = "/access/v1"
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Resource:
    """What its metadata say beside its address."""

    name: str
    scopes: tuple[str, ...]
    methods: tuple[str, ...] = ("header",)  # of showing a token (RFC 6750 section 2)
    signs: bool = False  # its answers may be JWTs by our keys


ALL: Mapping[str, Resource] = MappingProxyType(
    {
        ISSUER: Resource("Outorga", tuple(each for each in SCOPES if each != OFFLINE)),
        USER_INFO: Resource(
            "UserInfo",
            tuple(each for each in SCOPES if each not in (OFFLINE, GRANT_USES)),
            ("header", "body"),
            signs=True,
        ),
        ACCESS: Resource("Decisions and searches", (GRANTS,)),
        API: Resource("Uses of grants", (GRANT_USES,)),
    }
)


def is_ours(address: str) -> bool:
    """Whether a token may be asked for with this as its `resource`."""
    issuer = current_app.config["ISSUER"]
    return address.startswith(issuer) and address.removeprefix(issuer) in ALL


def is_meant_for(claims: Mapping[str, Any], path: str) -> bool:
    """Whether a token is for this API of ours; another API that is shown one can't use it here."""
    issuer = current_app.config["ISSUER"]
    return claims["aud"] in (issuer, f"{issuer}{path}")


def metadata_address(path: str) -> str:
    """Where the metadata are (RFC 9728 section 3.1: the well-known part goes before the path)."""
    return f"{current_app.config['ISSUER']}{WELL_KNOWN}{path}"
