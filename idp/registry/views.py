"""Pages of this feature."""

from flask import Blueprint

blueprint = Blueprint("registry", __name__)
