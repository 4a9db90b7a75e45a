"""Two people, or one person twice, at the same moment: real threads, real commits."""

from flask import Flask
from sqlalchemy import func, select

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Grant, Relation, State
from idp.mandates import drafting, lookup, reviewing, sending
from idp.mandates.errors import RequestPending, RequestSettled
from idp.mandates.models import MandateRequest, Refusal, RequestState
from idp.mandates.rules import Reviewer
from tests.factories.accounts import JOAO, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.mandates import (
    ACME,
    COLLEAGUE,
    REVIEWER,
    RITA,
    a_company,
    a_representative,
    a_request,
    what_it_says,
)
from tests.factories.registry import an_installation
from tests.together import Step, context, in_transactions

__all__ = ["context"]  # a fixture

ROUNDS = 5


def approving(request: MandateRequest, by: Reviewer = REVIEWER) -> Step:
    """Read what is claimed, commit, and come back to approve it."""
    public_id = request.public_id
    reviewing.note(public_id, what_it_says(request), by=by, at=clock.now())
    db.session.commit()

    def step() -> object:
        reviewing.approve(public_id, identity_seen=True, remark="", by=by, at=clock.now())
        return "approved"

    return step


def refusing(request: MandateRequest, by: Reviewer) -> Step:
    public_id = request.public_id

    def step() -> object:
        reviewing.refuse(public_id, Refusal.OTHER, text="No.", by=by, at=clock.now())
        return "refused"

    return step


def withdrawing(request: MandateRequest, by: Account) -> Step:
    public_id, account_id = request.public_id, by.id

    def step() -> object:
        person = db.session.get_one(Account, account_id)
        sending.withdraw(public_id, by=person, at=clock.now())
        return "withdrawn"

    return step


def now_of(request: MandateRequest) -> MandateRequest:
    db.session.rollback()
    db.session.expire_all()
    return request


def count_representatives() -> int:
    query = select(func.count()).where(
        Grant.relation == Relation.REPRESENTATIVE, Grant.state == State.ACTIVE
    )
    return db.session.scalar(query) or 0


def end_all() -> None:
    for grant in db.session.scalars(select(Grant).where(Grant.state == State.ACTIVE)):
        grant.state, grant.ended_at = State.REVOKED, clock.now()
    db.session.commit()


def test_of_approving_and_withdrawing_exactly_one_wins(context: Flask) -> None:
    maria = an_account()
    a_company()
    for _round in range(ROUNDS):
        request = a_request(maria)
        approved, withdrawn = in_transactions(
            context, approving(request), withdrawing(request, maria)
        )
        if now_of(request).state is RequestState.APPROVED:
            assert approved == "approved"
            assert isinstance(withdrawn, RequestSettled)
            assert count_representatives() == 1
        else:
            assert request.state is RequestState.WITHDRAWN
            assert isinstance(approved, RequestSettled)
            assert count_representatives() == 0
        end_all()


def test_of_two_reviewers_one_decides_and_the_other_is_told(context: Flask) -> None:
    maria = an_account()
    a_company()
    for _round in range(ROUNDS):
        request = a_request(maria)
        results = in_transactions(context, approving(request), refusing(request, COLLEAGUE))
        assert sum(isinstance(each, RequestSettled) for each in results) == 1
        decided_by = now_of(request).reviewer
        approved = request.state is RequestState.APPROVED
        assert decided_by == (REVIEWER if approved else COLLEAGUE).reference
        assert count_representatives() == int(approved)
        end_all()


def test_approved_twice_at_the_same_moment_it_is_one_grant(context: Flask) -> None:
    maria = an_account()
    a_company()
    for _round in range(ROUNDS):
        request = a_request(maria)
        results = in_transactions(context, approving(request), approving(request, COLLEAGUE))
        assert sorted(map(str, results)) == ["approved", "request_settled"]
        assert count_representatives() == 1
        end_all()


def test_of_replacing_and_renouncing_the_access_ends_once_and_the_new_one_stands(
    context: Flask,
) -> None:
    maria, other = an_account(), joao()
    a_company()
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    installation = an_installation(ACME)
    for _round in range(ROUNDS):
        former = a_representative(maria)
        lent = a_grant(maria, rita, [installation], holder=installation.holder_tax_id)
        request = a_request(
            maria, nominee_tax_id=JOAO, nominee_name=other.name,
            nominee_email=other.email, replaces=former,
        )  # fmt: skip
        public_id, by = former.public_id, maria.actor

        def renounce(public_id: str = public_id, by: object = by) -> object:
            grants.renounce(grants.get_locked(public_id), by=by, at=clock.now())  # type: ignore[arg-type]
            return "renounced"

        approved, _renounced = in_transactions(context, approving(request), renounce)
        now_of(request)
        assert former.state in (State.REVOKED, State.RENOUNCED)
        if approved == "approved":
            assert count_representatives() == 1
            assert lent.granted_by_id == other.id
        else:  # she gave up first, and with that the power to name anybody
            assert request.state is RequestState.OPEN
            assert count_representatives() == 0
            sending.withdraw(request.public_id, by=maria, at=clock.now())
            db.session.commit()
        end_all()


def test_a_request_is_sent_once_from_two_tabs(context: Flask) -> None:
    maria = an_account()
    maria_id = maria.id
    for _round in range(ROUNDS):
        drafts = [a_request(maria, state=RequestState.DRAFT) for _number in range(2)]

        def send(draft: MandateRequest) -> Step:
            public_id, seen = draft.public_id, drafting.seen(draft)

            def step() -> object:
                person = db.session.get_one(Account, maria_id)
                return sending.send(public_id, by=person, seen=seen, at=clock.now()).public_id

            return step

        first, second, again = in_transactions(
            context, send(drafts[0]), send(drafts[1]), send(drafts[0])
        )
        db.session.rollback()
        assert isinstance(second, RequestPending) is not isinstance(first, RequestPending)
        open_ones = [each for each in drafts if lookup.get_own(each.public_id, maria)]
        db.session.expire_all()
        sent = [each for each in open_ones if each.state is RequestState.OPEN]
        assert len(sent) == 1
        assert again == first or isinstance(again, RequestPending)
        sending.withdraw(sent[0].public_id, by=maria, at=clock.now())
        db.session.commit()
