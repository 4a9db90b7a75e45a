"""Pages of this feature."""

from flask import Blueprint

blueprint = Blueprint("invitations", __name__)
