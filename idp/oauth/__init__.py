"""The OAuth 2 and OpenID Connect provider."""

from flask import Flask

from idp.accounts.data import exporting as data
from idp.oauth import caching, clients, cross_origin, exporting, keys, logout, subjects, views
from idp.oauth.authorization import interaction
from idp.oauth.ciba import waiting
from idp.oauth.clients import origins
from idp.oauth.exchange import targets


def init_app(app: Flask) -> None:
    """Register the endpoints, and keep clients and keys in memory."""
    caches = caching.init_app(app)
    clients.init_app(app, caches)
    origins.init_app(app, caches)
    keys.init_app(app, caches)
    subjects.init_app(app, caches)
    targets.init_app(app, caches)
    interaction.init_app()
    logout.init_app(app)
    app.jinja_env.globals["waiting_approvals"] = waiting.of
    data.add(exporting.CONSENTS, exporting.AUTHORIZATIONS, exporting.PAIRWISE_SUBJECTS)
    app.register_blueprint(views.blueprint)
    app.after_request(cross_origin.allow_asking)
