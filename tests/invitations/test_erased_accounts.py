"""Open invitations of people whose account is erased, and papers that name them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.accounts.data import erasure
from idp.accounts.models import Account
from idp.audit import Event, history_of
from idp.extensions import db
from idp.grants.models import Relation
from idp.invitations import services
from idp.invitations.errors import InvitationUnavailable
from idp.invitations.models import Decision, Invitation, InvitationDraft
from idp.invitations.paper.record import Party
from idp.mail.models import Mail
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.papers import a_protocol, recorded
from tests.factories.registry import holdings

RITA = "br:cpf:11144477735"


def erase(account: Account) -> None:
    erasure.erase(account, by=account.actor, at=clock.now())
    db.session.commit()
    db.session.expire_all()


def decision_of(invitation: Invitation) -> Decision | None:
    return db.session.get_one(Invitation, invitation.id).decision


def told() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Mail.template, Mail.recipient_address)
        .where(Mail.template.startswith("invitation_"))
        .order_by(Mail.id)
    )
    return [(template, address) for template, address in rows]


def test_what_awaits_an_answer_is_taken_back_and_the_guest_told(app: Flask) -> None:
    maria = an_account()
    invitation = an_invitation(maria)
    erase(maria)
    assert decision_of(invitation) is Decision.CANCELLED
    assert told() == [("invitation_cancelled", "joao@example.com")]
    event = history_of("invitation", invitation.public_id)[0]
    assert (event.event, event.actor) == (Event.INVITATION_CANCELLED.value, str(maria.actor))


def test_what_the_person_was_offered_is_declined_and_the_other_side_told(app: Flask) -> None:
    maria, guest = an_account(), joao()
    invitation = an_invitation(maria)
    elsewhere = an_invitation(maria, guest_email="somebody.else@example.com")
    erase(guest)
    assert decision_of(invitation) is Decision.DECLINED
    assert decision_of(elsewhere) is None  # this address was never shown to be the person's
    assert told() == [("invitation_declined", "maria@example.com")]


def test_those_under_one_link_are_told_of_in_one_mail(app: Flask) -> None:
    maria, guest = an_account(), joao()
    for batch in ("b_one", "b_one", "b_two"):
        an_invitation(maria, batch=batch)
    erase(maria)
    assert told() == [("invitation_cancelled", "joao@example.com")] * 2
    other = an_account(RITA, "Rita Alves", "rita@example.com")
    for _each in range(2):
        an_invitation(other, batch="b_three")
    erase(guest)
    assert told()[2:] == [("invitation_declined", "rita@example.com")]


def test_what_was_answered_or_has_lapsed_stays_as_it_was(app: Flask) -> None:
    maria, guest, at = an_account(), joao(), clock.now()
    declined, lapsed = an_invitation(maria), an_invitation(maria, at=at - timedelta(days=1))
    services.decline(declined.public_id, guest=guest, reason="", at=at)
    db.session.commit()
    erase(maria)
    assert (decision_of(declined), decision_of(lapsed)) == (Decision.DECLINED, None)
    services.lapse_due(at)
    assert told() == [("invitation_declined", "maria@example.com")]  # nobody to tell of the other


def test_drafts_go(app: Flask) -> None:
    maria = an_account()
    a_draft(maria, holdings(maria.tax_id, 1))
    erase(maria)
    assert db.session.scalars(select(InvitationDraft)).all() == []


def test_nobody_is_asked_for_a_new_invitation_who_is_gone(app: Flask) -> None:
    maria = an_account()
    lapsed = an_invitation(maria, at=clock.now() - timedelta(days=1))
    erase(maria)
    with pytest.raises(InvitationUnavailable):
        services.request_again(services.get_locked(lapsed.public_id), at=clock.now())
    assert told() == []


def test_a_paper_says_the_same_after_its_parties_have_left(app: Flask) -> None:
    maria, manager = an_account(), joao()
    held = holdings(maria.tax_id, 1)
    above = a_grant(maria, manager, held, relation=Relation.MANAGER)
    invitation = a_protocol(
        manager,
        held,
        holder_tax_id=maria.tax_id,
        parent_id=above.id,
        relation=Relation.COLLABORATOR,
        guest_tax_id=an_account(RITA, "Rita Alves", "rita@example.com").tax_id,
    )
    before = recorded(invitation)
    assert before.sender == Party("João Souza", manager.tax_id.masked)
    erase(manager)
    erase(db.session.get_one(Account, maria.id))
    after = recorded(db.session.get_one(Invitation, invitation.id))
    assert (after.facts, after.sender) == (before.facts, before.sender)
