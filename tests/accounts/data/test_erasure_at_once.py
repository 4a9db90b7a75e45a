"""Somebody leaves while somebody else accepts, gives on, sends or signs in: real threads."""

import threading
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from idp import clock, signing
from idp.accounts.data import erasure
from idp.accounts.models import Account, BrowserSession, Registration
from idp.accounts.recovery import resets
from idp.errors import DomainError, NotAllowed
from idp.extensions import db, transaction
from idp.grants.models import Extent, Grant, Level, Relation, State
from idp.invitations import drafts, locking, offering, services
from idp.invitations.models import Invitation
from idp.mandates import reviewing
from idp.mandates.models import MandateRequest, RequestState
from idp.taxids import TaxId
from tests.accounts.test_concurrency import AT_ONCE, at_once, posting
from tests.factories.accounts import (
    JOAO,
    MARIA,
    PASSWORD,
    a_registration,
    a_reset,
    an_account,
    joao,
)
from tests.factories.grants import a_grant
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.mandates import REVIEWER, a_company, a_request, what_it_says
from tests.factories.registry import holdings
from tests.together import Step, context, in_transactions

__all__ = ["context"]  # a fixture

ROUNDS = 3
RITA = "br:cpf:11144477735"


def erasing(account: Account) -> Step:
    return partial(_erase, account.id)


def _erase(account_id: int) -> object:
    account = db.session.get_one(Account, account_id)
    return erasure.erase(account, by=account.actor, at=clock.now())


def accepting(invitation: Invitation, guest: Account) -> Step:
    return partial(_accept, invitation.public_id, guest.id)


def _accept(public_id: str, guest_id: int) -> object:
    guest = db.session.get_one(Account, guest_id)
    return services.accept(public_id, guest=guest, locale="en", at=clock.now())[0].public_id


def erase(*accounts: Account) -> None:
    """Clear the stage for the next round."""
    for each in accounts:
        with transaction():
            _erase(each.id)


def active_grants() -> int:
    query = select(func.count()).select_from(Grant).where(Grant.state == State.ACTIVE)
    return db.session.scalar(query) or 0


@pytest.mark.parametrize("leaves", ["inviter", "guest"])
def test_accepting_while_one_of_the_two_leaves_gives_nothing_that_lasts(
    context: Flask, leaves: str
) -> None:
    for _round in range(ROUNDS):
        maria, guest = an_account(), joao()
        invitation = an_invitation(maria)
        leaving = erasing(maria if leaves == "inviter" else guest)
        accepted, erased = in_transactions(context, accepting(invitation, guest), leaving)
        assert erased is True
        assert active_grants() == 0
        grants = db.session.scalars(select(Grant).where(Grant.grantee_id == guest.id)).all()
        assert [each.state for each in grants] == [State.CANCELLED] * isinstance(accepted, str)
        erase(maria, guest)


def test_nothing_is_given_on_under_a_link_whose_giver_leaves(context: Flask) -> None:
    for _round in range(ROUNDS):
        maria, manager, helper = an_account(), joao(), an_account(RITA, "Rita", "r@example.com")
        held = holdings(maria.tax_id, 1)
        above = a_grant(maria, manager, held, relation=Relation.MANAGER, level=Level.FULL)
        invitation = an_invitation(
            manager,
            held,
            holder_tax_id=maria.tax_id,
            parent_id=above.id,
            relation=Relation.COLLABORATOR,
            guest_tax_id=helper.tax_id,
            guest_name="Rita",
            guest_email="r@example.com",
        )
        _accepted, erased = in_transactions(
            context, accepting(invitation, helper), erasing(manager)
        )
        assert erased is True
        assert active_grants() == 0
        erase(maria, manager, helper)


def test_both_sides_leave_at_once(context: Flask) -> None:
    for _round in range(ROUNDS):
        maria, guest = an_account(), joao()
        for _each in range(3):
            a_grant(maria, guest, holdings(maria.tax_id, 1))
            a_grant(guest, maria, holdings(guest.tax_id, 1))
            an_invitation(maria)
        assert in_transactions(context, erasing(maria), erasing(guest)) == [True, True]
        assert active_grants() == 0


@pytest.mark.parametrize("leaves", ["inviter", "guest"])
def test_whoever_holds_the_invitation_does_not_hold_up_who_leaves(
    context: Flask, leaves: str
) -> None:
    maria, guest = an_account(), joao()
    invitation = an_invitation(maria)
    with pytest.raises(DomainError), transaction():
        locking.get_locked(invitation.public_id)
        meanwhile(context, erasing(maria if leaves == "inviter" else guest))
        services.accept(invitation.public_id, guest=guest, locale="en", at=clock.now())
    assert active_grants() == 0


def test_whoever_is_about_to_send_is_refused_once_they_have_left(context: Flask) -> None:
    maria, tax_id = an_account(), TaxId.parse_canonical(MARIA)
    holdings(MARIA, 1)
    guest = services.Guest("João Souza", TaxId.parse_canonical(JOAO), "joao@example.com")
    everything = services.Scope(tax_id, Relation.DELEGATE, Level.READ_ONLY, Extent.EVERYTHING)
    with pytest.raises(NotAllowed), transaction():
        meanwhile(context, erasing(maria))
        services.send(guest, everything, inviter=maria, locale="en", at=clock.now())
    assert db.session.scalars(select(Invitation)).all() == []


def meanwhile(app: Flask, step: Step) -> None:
    """The step, done and committed by somebody else before this returns."""

    def run() -> None:
        with app.app_context(), transaction():
            assert step() is True
            db.session.commit()
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_two_presses_erase_once(context: Flask) -> None:
    maria = an_account()
    results = in_transactions(context, *[erasing(maria)] * 4)
    assert sorted(results, key=str) == [False, False, False, True]


def test_who_is_leaving_sends_no_invitation_that_can_be_accepted(context: Flask) -> None:
    def send(draft_id: str, account_id: int) -> object:
        maria = db.session.get_one(Account, account_id)
        seen = offering.seen(drafts.get_draft(draft_id, maria))
        invitation = offering.offer(
            draft_id, inviter=maria, seen_by_inviter=seen, locale="en", at=clock.now()
        )
        return invitation.public_id

    for _round in range(ROUNDS):
        maria = an_account()
        draft = a_draft(maria, holdings(maria.tax_id, 1))
        _sent, erased = in_transactions(
            context, partial(send, draft.public_id, maria.id), erasing(maria)
        )
        assert erased is True
        still_open = select(Invitation).where(
            Invitation.inviter_id == maria.id, Invitation.settled_at.is_(None)
        )
        assert db.session.scalars(still_open).all() == []


def test_a_decision_of_staff_and_leaving_come_one_after_the_other(context: Flask) -> None:
    def approve(public_id: str) -> object:
        return reviewing.approve(
            public_id, identity_seen=True, remark="", by=REVIEWER, at=clock.now()
        ).public_id

    a_company()
    for _round in range(ROUNDS):
        maria = an_account()
        request = a_request(maria)
        with transaction():
            reviewing.note(request.public_id, what_it_says(request), by=REVIEWER, at=clock.now())
        approved, erased = in_transactions(
            context, partial(approve, request.public_id), erasing(maria)
        )
        assert erased is True
        assert active_grants() == 0
        state = db.session.get_one(MandateRequest, request.id).state
        if isinstance(approved, str):
            assert state is RequestState.APPROVED
        else:
            assert state in (RequestState.WITHDRAWN, RequestState.OPEN)
        db.session.delete(db.session.get_one(MandateRequest, request.id))
        db.session.commit()


def test_a_recovery_link_sets_no_password_of_somebody_who_left(context: Flask) -> None:
    def reset(token: str) -> object:
        resets.reset_password(token, password_hash="anew", at=clock.now())
        return "set"

    for _round in range(ROUNDS):
        maria = an_account()
        token = signing.sign("reset", a_reset(maria).public_id)
        _set, erased = in_transactions(context, partial(reset, token), erasing(maria))
        assert erased is True
        assert db.session.get_one(Account, maria.id).password_hash == ""


def test_no_sign_in_survives(committed_app: Flask) -> None:
    with committed_app.app_context():
        maria = an_account()
        account_id = maria.id
    data = {"identifier": "52998224725", "password": PASSWORD}
    sign_in = posting(committed_app, ["/login"] * AT_ONCE, data)

    def act(number: int) -> int:
        if number < AT_ONCE:
            return sign_in(number)
        with committed_app.app_context(), transaction():
            return 0 if _erase(account_id) else 1

    answers = at_once(AT_ONCE + 1, act)
    assert set(answers) <= {0, 303, 422}
    assert 0 in answers
    with committed_app.app_context():
        live = select(BrowserSession).where(BrowserSession.ended_at.is_(None))
        assert db.session.scalars(live).all() == []


def test_an_activation_at_that_moment_meets_the_old_account_or_none(committed_app: Flask) -> None:
    with committed_app.app_context():
        account_id = an_account().id
        path = f"/activate/{signing.sign('activation', a_registration().public_id)}"
    activate = posting(committed_app, [path], {})

    def act(number: int) -> int:
        if number == 0:
            return activate(0)
        with committed_app.app_context(), transaction():
            return 0 if _erase(account_id) else 1

    answers = at_once(2, act)
    assert answers[0] == 0
    assert answers[1] in (303, 404, 409)
    with committed_app.app_context():
        accounts = db.session.scalars(select(Account).where(Account.erased_at.is_(None))).all()
        assert len(accounts) == (answers[1] == 303)
        left = db.session.scalar(select(func.count()).select_from(Registration))
        assert left in (0, 1)
