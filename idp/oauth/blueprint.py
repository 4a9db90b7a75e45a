"""The blueprint that every endpoint of the provider hangs from."""

from flask import Blueprint

blueprint = Blueprint("oauth", __name__)
