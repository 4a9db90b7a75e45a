"""Which pages may call us from a browser: those of registered applications without a secret."""

from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy import text

from idp.extensions import db
from idp.oauth import caching

EXTENSION = "oauth_origins"
ALL = "all"
DEFAULT_PORTS = {"https": 443, "http": 80}
IN_BROWSERS = text(
    "SELECT DISTINCT jsonb_array_elements_text(metadata -> 'redirect_uris') FROM clients"
    " WHERE metadata ->> 'token_endpoint_auth_method' = 'none' AND disabled_at IS NULL"
    " AND metadata ->> 'application_type' = 'web'"
)


def init_app(app: Flask, caches: caching.Caches) -> None:
    """Keep them in memory, all together."""
    app.extensions[EXTENSION] = caches.add(_load)


def is_registered(origin: str) -> bool:
    """Whether an application has a redirect URI on this origin (RFC 6454)."""
    cache: caching.Cache[str, frozenset[str]] = current_app.extensions[EXTENSION]
    return origin in (cache.find(ALL) or ())


def origin_of(uri: str) -> str:
    """As a browser writes it in its Origin header."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    is_default = parts.port in (None, DEFAULT_PORTS.get(parts.scheme))
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{parts.port}"


def _load(_all: str) -> frozenset[str]:
    return frozenset(map(origin_of, db.session.scalars(IN_BROWSERS)))
