"""Two people, or one person twice, at the same moment: real threads, real commits."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from idp import clock
from idp.accounts import locking
from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants.cancelling import cancel_all_of
from idp.grants.models import Grant, State
from idp.invitations import offering, services
from idp.invitations.errors import (
    InvitationForAnother,
    InvitationLapsed,
    InvitationSettled,
    InvitationUnavailable,
)
from idp.invitations.models import Decision, Invitation
from idp.mail.models import Mail
from idp.registry.models import Installation
from tests.factories.accounts import an_account, joao
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.registry import a_holder, an_installation
from tests.together import Step, context, in_transactions

__all__ = ["context"]  # a fixture

ROUNDS = 5
OTHER = "br:cpf:11144477735"
STAFF = Actor("staff", "t_1")


def accepting(invitation: Invitation, guest: Account) -> Step:
    public_id, guest_id = invitation.public_id, guest.id

    def step() -> object:
        person = db.session.get_one(Account, guest_id)
        (grant,) = services.accept(public_id, guest=person, locale="en", at=clock.now())
        return grant.public_id

    return step


def cancelling(invitation: Invitation, inviter: Account) -> Step:
    public_id, by = invitation.public_id, inviter.actor

    def step() -> object:
        services.cancel(services.get_locked(public_id), by=by, at=clock.now())
        return "cancelled"

    return step


def grants() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Grant)) or 0


def now_of(invitation: Invitation) -> Invitation:
    db.session.rollback()
    db.session.refresh(invitation)
    return invitation


def test_accepting_twice_at_the_same_moment_gives_one_grant(context: Flask) -> None:
    maria, guest = an_account(), joao()
    for done in range(1, ROUNDS + 1):
        invitation = an_invitation(maria)
        results = in_transactions(context, *[accepting(invitation, guest)] * 4)
        assert sum(isinstance(each, str) for each in results) == 1
        assert sum(isinstance(each, InvitationSettled) for each in results) == 3
        assert grants() == done


def test_of_accepting_and_cancelling_exactly_one_wins(context: Flask) -> None:
    maria, guest = an_account(), joao()
    won = []
    for _round in range(ROUNDS):
        invitation = an_invitation(maria)
        before = grants()
        accepted, cancelled = in_transactions(
            context, accepting(invitation, guest), cancelling(invitation, maria)
        )
        if now_of(invitation).decision is Decision.ACCEPTED:
            assert isinstance(accepted, str)
            assert isinstance(cancelled, InvitationSettled)
            assert grants() == before + 1
        else:
            assert invitation.decision is Decision.CANCELLED
            assert isinstance(accepted, InvitationSettled)
            assert cancelled == "cancelled"
            assert grants() == before
        won.append(invitation.decision)
    assert len(won) == ROUNDS


def test_somebody_else_at_the_same_moment_gets_nothing_and_hinders_nobody(context: Flask) -> None:
    maria, guest = an_account(), joao()
    other = an_account(OTHER, "João Souza", "joao@example.com")
    for _round in range(ROUNDS):
        invitation = an_invitation(maria)
        mine, theirs, again = in_transactions(
            context,
            accepting(invitation, guest),
            accepting(invitation, other),
            accepting(invitation, other),
        )
        assert isinstance(mine, str)
        assert isinstance(theirs, InvitationForAnother)
        assert isinstance(again, InvitationForAnother)
        assert now_of(invitation).grant is not None
        assert invitation.grant.grantee_id == guest.id  # type: ignore[union-attr]


def test_accepting_at_the_moment_of_lapse_ends_in_one_way_only(context: Flask) -> None:
    maria, guest = an_account(), joao()
    guest_id = guest.id
    for _round in range(ROUNDS):
        invitation = an_invitation(maria)
        public_id, expiry = invitation.public_id, invitation.expires_at
        just_before = expiry - timedelta(microseconds=1)

        def accept(public_id: str = public_id, at: object = just_before) -> object:
            person = db.session.get_one(Account, guest_id)
            services.accept(public_id, guest=person, locale="en", at=at)  # type: ignore[arg-type]
            return "accepted"

        accepted, lapsed = in_transactions(
            context, accept, lambda expiry=expiry: services.lapse_due(expiry)
        )
        decision = now_of(invitation).decision
        if decision is Decision.ACCEPTED:
            assert (accepted, lapsed) == ("accepted", 0)
        elif decision is Decision.LAPSED:
            assert isinstance(accepted, InvitationSettled | InvitationLapsed)
            assert lapsed == 1
        else:
            raise AssertionError(decision)


def test_two_workers_tell_of_each_lapse_once(context: Flask) -> None:
    maria = an_account()
    at = clock.now()
    for _number in range(20):
        an_invitation(maria, at=at - timedelta(hours=13))
    done = in_transactions(context, *[lambda: services.lapse_due(at, limit=100)] * 3)
    db.session.rollback()
    mails = select(func.count()).select_from(Mail).where(Mail.template == "invitation_lapsed")
    assert sum(done) == 20  # type: ignore[arg-type]
    assert db.session.scalar(mails) == 20


def test_resending_twice_at_the_same_moment_gives_one_new_invitation(context: Flask) -> None:
    maria = an_account()
    maria_id = maria.id
    for _round in range(ROUNDS):
        public_id = an_invitation(maria).public_id

        def resend(public_id: str = public_id) -> object:
            by = db.session.get_one(Account, maria_id)
            return services.resend(public_id, by=by, locale="en", at=clock.now()).public_id

        assert len(set(in_transactions(context, resend, resend, resend))) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 2 * ROUNDS


def test_sending_a_draft_from_two_tabs_gives_one_invitation(context: Flask) -> None:
    maria = an_account()
    maria_id = maria.id
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    draft_id, seen = draft.public_id, offering.seen(draft)
    db.session.rollback()

    def send() -> object:
        inviter = db.session.get_one(Account, maria_id)
        return services.offer(
            draft_id, inviter=inviter, seen_by_inviter=seen, locale="en", at=clock.now()
        ).public_id

    assert len(set(in_transactions(context, send, send, send))) == 1


def test_an_installation_that_changes_holder_at_that_moment_is_never_granted_by_the_old_one(
    context: Flask,
) -> None:
    maria, guest = an_account(), joao()
    new_holder = a_holder(OTHER, "Outra Pessoa").tax_id
    for _round in range(ROUNDS):
        mine = an_installation(maria.tax_id)
        invitation = an_invitation(maria, [mine])
        installation_id = mine.id
        before = grants()

        def transfer(installation_id: int = installation_id) -> object:
            moved = db.session.get_one(Installation, installation_id)
            moved.holder_tax_id = new_holder
            db.session.flush()
            held = db.session.scalar(select(func.count()).select_from(Grant))
            return ("moved after", held)

        accepted, moved = in_transactions(context, accepting(invitation, guest), transfer)
        if isinstance(accepted, InvitationUnavailable):
            assert grants() == before
        else:  # the transfer came second, and its statements after the update see the grant
            assert isinstance(accepted, str)
            assert moved == ("moved after", before + 1)


@pytest.mark.parametrize("locked", ["inviter", "guest"])
def test_an_account_that_is_locked_at_that_moment_is_left_without_a_grant(
    context: Flask, locked: str
) -> None:
    maria, guest = an_account(), joao()
    target = (maria if locked == "inviter" else guest).id
    for _round in range(ROUNDS):
        invitation = an_invitation(maria)

        def lock() -> object:
            account = db.session.get_one(Account, target)
            assert locking.lock(account, by=STAFF, at=clock.now(), reason="test")
            return cancel_all_of(account, by=STAFF, at=clock.now(), reason="test")

        accepted, cancelled = in_transactions(context, accepting(invitation, guest), lock)
        assert cancelled == isinstance(accepted, str)
        db.session.rollback()
        active = select(func.count()).select_from(Grant).where(Grant.state == State.ACTIVE)
        assert db.session.scalar(active) == 0
        db.session.execute(update(Account).values(locked_at=None))
        db.session.commit()
