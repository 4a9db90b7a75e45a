"""The blueprint that every page of this feature hangs from."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
