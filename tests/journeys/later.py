"""`python -m tests.journeys.later`: twelve hours pass for every invitation that awaits an answer,
and the worker notices."""

from datetime import timedelta

from sqlalchemy import update

from idp import clock, create_app
from idp.extensions import db, transaction
from idp.invitations.models import Invitation
from idp.invitations.services import lapse_due

LIFE = timedelta(hours=12)


def main() -> None:
    """Move them back in time, and settle what has lapsed by that."""
    open_ones = update(Invitation).where(Invitation.settled_at.is_(None))
    moved = {"created_at": Invitation.created_at - LIFE, "expires_at": Invitation.expires_at - LIFE}
    with create_app().app_context(), transaction():
        db.session.execute(open_ones.values(moved))
        lapse_due(clock.now())


if __name__ == "__main__":
    main()
