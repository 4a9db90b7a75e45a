"""The registry: who holds which installation, and the import that keeps it true."""

from flask import Flask

from idp.accounts.registration import proving
from idp.registry import proofs, views


def init_app(app: Flask) -> None:
    """Register the pages, and what a customer knows of their contract as proofs."""
    app.register_blueprint(views.blueprint)
    proving.proofs.update(proofs.PROOFS)
