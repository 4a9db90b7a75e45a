"""One draft sent twice, or a client who leaves while it is: real threads, real commits."""

from flask import Flask

from idp import clock
from idp.accounts.models import Account
from idp.contacts import clients, drafts, services
from idp.contacts.errors import CountChanged, DraftIncomplete
from idp.errors import DomainError
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.errors import NothingAbove
from idp.grants.ledger import Standing
from idp.grants.models import Grant, State
from idp.invitations.models import Invitation
from tests.contacts import scene
from tests.contacts.scene import Client, a_collaborator, mails, sent
from tests.factories.contacts import a_contact_draft
from tests.together import Step, context, in_transactions

__all__ = ["context"]  # a fixture

ROUNDS = 3
EVERYTHING = {"extent": "everything", "relation": "collaborator"}


def sending(draft_id: str, manager: Account) -> Step:
    manager_id = manager.id

    def step() -> object:
        by, at = db.session.get_one(Account, manager_id), clock.now()
        draft = drafts.get_collaborator(draft_id, by)
        chosen = clients.chosen_of(by, draft.client_ids, at)
        seen = services.seen(draft, len(chosen))
        invitation = services.send_collaboration(draft_id, by=by, seen_by=seen, locale="en", at=at)
        return invitation.public_id

    return step


def test_a_draft_sent_by_two_tabs_at_once_is_sent_once(context: Flask) -> None:
    manager = scene.gloria()
    for number in range(1, ROUNDS + 1):
        client = Client(manager, number)
        draft = a_contact_draft(manager, client.grant, **EVERYTHING)
        results = in_transactions(context, *[sending(draft.public_id, manager)] * 4)
        assert len(set(results)) == 1, results
        assert len(sent()) == len(mails("invitation_offered")) == number


def test_a_client_who_leaves_while_it_is_sent_is_left_with_nothing(context: Flask) -> None:
    """Either nothing is sent, or what was sent can't be accepted any more."""
    manager = scene.gloria()
    for number in range(1, ROUNDS + 1):
        client = Client(manager, number)
        draft = a_contact_draft(manager, client.grant, **EVERYTHING)
        grant_id, holder = client.grant.public_id, client.holder.actor

        def leave(grant_id: str = grant_id, holder: object = holder) -> object:
            grants.revoke(grants.get_locked(grant_id), by=holder, at=clock.now())  # type: ignore[arg-type]
            return "left"

        outcome, left = in_transactions(context, sending(draft.public_id, manager), leave)
        assert left == "left"
        db.session.expire_all()
        offered = [each for each in sent() if each.parent_id == client.grant.id]
        if isinstance(outcome, DomainError):
            assert isinstance(outcome, (DraftIncomplete, NothingAbove))
            assert offered == []
        else:
            assert offered_below_an_end(offered[0])


def offered_below_an_end(invitation: Invitation) -> bool:
    parent = db.session.get_one(Grant, invitation.parent_id)
    return parent.state is State.REVOKED


def test_a_person_is_removed_once(context: Flask) -> None:
    manager, person = scene.gloria(), scene.ivan()
    given = [a_collaborator(Client(manager, number), person) for number in (1, 2, 3)]
    manager_id, person_id = manager.id, person.id

    def step() -> object:
        by, whom = (db.session.get_one(Account, each) for each in (manager_id, person_id))
        return services.remove(whom, by=by, count=3, at=clock.now())

    results = in_transactions(context, step, step)
    db.session.expire_all()
    assert {db.session.get_one(Grant, each.id).state for each in given} == {State.REVOKED}
    assert len(mails("contact_removed")) == 2, results
    assert sorted(map(repr, results)) == sorted(["3", repr(CountChanged())]), results
    left = clients.given_on(manager, person, standing=Standing.ACTIVE, at=clock.now())
    assert clients.grants_of(left, offset=0, limit=9) == []
