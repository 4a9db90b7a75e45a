"""Pages of this feature."""

from flask import Blueprint

blueprint = Blueprint("grants", __name__)
