"""The feature's pages under one blueprint."""

from flask import Blueprint

from idp.mandates import rules

blueprint = Blueprint("mandates", __name__)


@blueprint.context_processor
def names() -> dict[str, object]:
    """What the feature's templates ask."""
    return {"flow_of": lambda request: rules.flow_of(request).value}
