"""Grants: who may act on whose installations, why, and until when."""

from flask import Flask

from idp.accounts.data import activity
from idp.accounts.data import exporting as data
from idp.grants import (
    cancelling,
    chain_views,
    exporting,
    installation_views,
    remembering,
    stakes,
    transfers,
    use_views,
    views,
)
from idp.grants.blueprint import blueprint

__all__ = ["chain_views", "init_app", "installation_views", "use_views", "views"]


def init_app(app: Flask) -> None:
    """Register the pages, hear of installations that change holder and of accounts that are erased,
    let the pages of an account say what would end with it, and be part of what it can see and take
    along."""
    app.register_blueprint(blueprint)
    transfers.subscribe()
    cancelling.subscribe()
    app.jinja_env.globals["at_stake"] = stakes.of
    activity.related["grant"] = remembering.received_by
    data.add(
        exporting.GIVEN,
        exporting.RECEIVED,
        exporting.INSTALLATIONS,
        exporting.USES_OF_OTHERS,
        exporting.USES_OF_ONESELF,
    )
