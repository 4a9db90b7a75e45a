"""The registry: who holds which installation, and the import that keeps it true."""

from flask import Flask

from idp.accounts.data import exporting as data
from idp.accounts.registration import proving
from idp.registry import exporting, proofs, views


def init_app(app: Flask) -> None:
    """Register the pages, what a customer knows of their contract as proofs, and what of it an
    account can take along."""
    app.register_blueprint(views.blueprint)
    proving.proofs.update(proofs.PROOFS)
    data.add(exporting.HOLDER, exporting.INSTALLATIONS)
