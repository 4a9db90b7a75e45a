"""Offers below a manager's grant, in a company's name and several at once, answered at the moment
at which something happens to them: real threads, real commits."""

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import func, select

from idp import clock
from idp.accounts.models import Account
from idp.errors import DomainError
from idp.extensions import db
from idp.grants import chain, rules
from idp.grants import services as grant_services
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import services
from idp.invitations.errors import InvitationSettled
from idp.invitations.models import Decision, Invitation
from idp.invitations.services import Guest, Scope
from idp.taxids import TaxId
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.invitations import an_invitation
from tests.factories.registry import a_holder, holdings
from tests.invitations.test_concurrency import ROUNDS, accepting, now_of
from tests.together import Step, context, in_transactions

__all__ = ["context"]  # a fixture

GLORIA, COMPANY = "br:cpf:11144477735", "es:cif:B58378431"
JOAO = Guest("João Souza", TaxId.parse_canonical("br:cpf:39053344705"), "joao@example.com")


def a_manager(maria: Account) -> Account:
    holdings(maria.tax_id, 2)
    return an_account(GLORIA, "Gestoria Vidal", "gloria@example.com")


def managed_by(gloria: Account, maria: Account, number: int = 1) -> list[Grant]:
    return [a_grant(maria, gloria, None, relation=Relation.MANAGER) for _each in range(number)]


def offered_below(parents: Sequence[Grant]) -> list[Invitation]:
    everything = (Relation.COLLABORATOR, Level.READ_ONLY, Extent.EVERYTHING)
    scopes = [(Scope(each.holder_tax_id, *everything, parent=each), ()) for each in parents]
    invitations = services.send_together(
        JOAO, scopes, inviter=parents[0].grantee, locale="en", at=clock.now()
    )
    db.session.commit()
    return invitations


def ending(grant: Grant, by: Account) -> Step:
    public_id, actor = grant.public_id, by.actor

    def step() -> object:
        found = grant_services.get_locked(public_id)
        if found.grantee.actor == actor:
            grant_services.renounce(found, by=actor, at=clock.now())
        else:
            grant_services.revoke(found, by=actor, at=clock.now())
        return "ended"

    return step


def test_what_a_manager_gives_on_while_being_revoked_never_stands(context: Flask) -> None:
    maria, guest = an_account(), joao()
    gloria = a_manager(maria)
    for _round in range(ROUNDS):
        (parent,) = managed_by(gloria, maria)
        (invitation,) = offered_below([parent])
        accepted, ended = in_transactions(
            context, accepting(invitation, guest), ending(parent, maria)
        )
        assert ended == "ended"
        grant = now_of(invitation).grant
        if grant is None:
            assert isinstance(accepted, DomainError)
        else:
            assert isinstance(accepted, str)
            assert not rules.stands(chain.links_of(grant), clock.now())


def test_several_are_accepted_once_by_whichever_link_comes_first(context: Flask) -> None:
    maria, guest = an_account(), joao()
    gloria = a_manager(maria)
    for done in range(1, ROUNDS + 1):
        several = offered_below(managed_by(gloria, maria, number=3))
        results = in_transactions(context, *(accepting_all(each, guest) for each in several))
        assert sum(each == len(several) for each in results) == 1
        assert sum(isinstance(each, InvitationSettled) for each in results) == len(several) - 1
        db.session.rollback()
        received = select(func.count()).select_from(Grant).where(Grant.grantee_id == guest.id)
        assert db.session.scalar(received) == done * len(several)


def accepting_all(invitation: Invitation, guest: Account) -> Step:
    public_id, guest_id = invitation.public_id, guest.id

    def step() -> object:
        person = db.session.get_one(Account, guest_id)
        return len(services.accept(public_id, guest=person, locale="en", at=clock.now()))

    return step


def test_of_several_the_one_that_is_cancelled_at_that_moment_is_not_given(context: Flask) -> None:
    maria, guest = an_account(), joao()
    gloria = a_manager(maria)
    actor = gloria.actor
    for _round in range(ROUNDS):
        first, second = offered_below(managed_by(gloria, maria, number=2))
        second_id = second.public_id

        def cancel(public_id: str = second_id) -> object:
            services.cancel(services.get_locked(public_id), by=actor, at=clock.now())
            return "cancelled"

        accepted, cancelled = in_transactions(context, accepting_all(first, guest), cancel)
        if cancelled == "cancelled":
            assert now_of(second).decision is Decision.CANCELLED
            assert second.grant is None
            assert accepted == 1
        else:
            assert now_of(second).decision is Decision.ACCEPTED
            assert accepted == 2


def test_a_representative_who_leaves_at_that_moment_gives_in_the_companys_name_or_not_at_all(
    context: Flask,
) -> None:
    maria, guest = an_account(), joao()
    company = a_holder(COMPANY, "Comunidad Sol SL")
    mine = holdings(company.tax_id, 2)
    for _round in range(ROUNDS):
        representation = a_representation(company.tax_id, maria)
        invitation = an_invitation(maria, mine, holder_tax_id=company.tax_id)
        accepted, ended = in_transactions(
            context, accepting(invitation, guest), ending(representation, maria)
        )
        assert ended == "ended"
        grant = now_of(invitation).grant
        assert isinstance(accepted, str) == (grant is not None)
        if grant is not None:
            assert grant.holder_tax_id == company.tax_id
