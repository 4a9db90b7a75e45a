"""Pages of this feature."""

from flask import Blueprint

blueprint = Blueprint("oauth", __name__)
