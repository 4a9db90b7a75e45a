"""The feature's pages under one blueprint."""

from flask import Blueprint

from idp.grants import labels

blueprint = Blueprint("contacts", __name__)


@blueprint.context_processor
def names() -> dict[str, object]:
    """What the feature's templates call things: as those of grants do."""
    return {
        "role_names": labels.ROLES,
        "level_names": labels.LEVELS,
        "state_names": labels.STATES,
    }
