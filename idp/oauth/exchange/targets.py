"""Which resource servers understand `act`, asked of the clients once and kept in memory.

One that passed over it would see the holder and allow everything, so a resource counts only while
every server registered for it understands.
"""

from flask import Flask, current_app
from sqlalchemy import text

from idp.extensions import db
from idp.oauth import caching

EXTENSION = "oauth_act_aware"
ALL_AWARE = text(
    """
    SELECT bool_and((metadata ->> 'act_aware') IS NOT DISTINCT FROM 'true')
      FROM clients
     WHERE (metadata ->> 'introspect') = 'true' AND disabled_at IS NULL
       AND metadata -> 'resources' ? :resource
    """
)


def init_app(app: Flask, caches: caching.Caches) -> None:
    """Keep the answers in memory."""
    app.extensions[EXTENSION] = caches.add(_load)


def is_act_aware(resource: str) -> bool:
    """Whether tokens with `act` may be made for this resource."""
    cache: caching.Cache[str, bool] = current_app.extensions[EXTENSION]
    return cache.find(resource) is True


def _load(resource: str) -> bool | None:
    aware: bool | None = db.session.scalar(ALL_AWARE, {"resource": resource})
    return aware
