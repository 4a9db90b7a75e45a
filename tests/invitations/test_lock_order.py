"""Whoever answers or sends several invitations takes locks in the order that everybody keeps:
invitations by age, accounts, installations, grants by age. So no two wait for each other."""

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import text

from idp import clock
from idp.extensions import db, transaction
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import services
from idp.invitations.models import Invitation
from idp.invitations.services import Scope
from tests.factories.accounts import an_account, joao
from tests.factories.registry import holdings
from tests.invitations.test_concurrent_offers import JOAO, a_manager, accepting_all, managed_by
from tests.locks import is_free, lock, waiting
from tests.together import context

__all__ = ["context"]  # a fixture


def sent(parents: Sequence[Grant], extent: Extent = Extent.EVERYTHING) -> list[Invitation]:
    """To João, in this order."""
    what = (Relation.COLLABORATOR, Level.READ_ONLY, extent)
    scopes = [(Scope(each.holder_tax_id, *what, parent=each), ()) for each in parents]
    with transaction():
        return services.send_together(
            JOAO, scopes, inviter=parents[0].grantee, locale="en", at=clock.now()
        )


def test_by_whichever_link_the_oldest_invitation_is_locked_first(context: Flask) -> None:
    maria, guest = an_account(), joao()
    first, second = sent(managed_by(a_manager(maria), maria, number=2))
    with db.engine.connect() as other:
        lock(other, first)
        with waiting(context, accepting_all(second, guest), other):
            assert is_free(other, second)


def test_installations_of_all_are_locked_before_any_grant_and_by_age(context: Flask) -> None:
    maria, guest = an_account(), joao()
    first, second = managed_by(a_manager(maria), maria, number=2)
    early, *_between, late = holdings(maria.tax_id, 3)
    several = sent([second, first], Extent.CHOSEN)
    with db.engine.connect() as other:
        lock(other, early)
        with waiting(context, accepting_all(several[0], guest), other):
            for each in (late, first, second):
                assert is_free(other, each)


def test_grants_above_are_locked_by_age_however_the_invitations_were_sent(context: Flask) -> None:
    maria, guest = an_account(), joao()
    first, second = managed_by(a_manager(maria), maria, number=2)
    several = sent([second, first])
    with db.engine.connect() as other:
        lock(other, first)
        with waiting(context, accepting_all(several[0], guest), other):
            assert is_free(other, second)


def test_sending_several_locks_the_inviter_and_then_the_grants_by_age(context: Flask) -> None:
    maria = an_account()
    gloria = a_manager(maria)
    first, second = managed_by(gloria, maria, number=2)
    ids = [second.id, first.id]

    def send() -> object:
        return sent([db.session.get_one(Grant, each) for each in ids])

    with db.engine.connect() as other:
        lock(other, first)
        with waiting(context, send, other):
            assert is_free(other, second)
    with db.engine.connect() as other:
        other.execute(text("SELECT FROM accounts WHERE id = :id FOR UPDATE"), {"id": gloria.id})
        with waiting(context, send, other):
            assert is_free(other, first)
