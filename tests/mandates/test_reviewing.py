"""Staff read, compare, approve and refuse; what follows from an approval."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.errors import DomainError
from idp.extensions import db
from idp.grants import acting
from idp.grants.models import Extent, Grant, Level, Relation, State
from idp.invitations import services as invitations
from idp.mail.models import Mail
from idp.mandates import inviting, reviewing
from idp.mandates.errors import (
    AlreadyRepresents,
    ApplicantLostPower,
    HolderUnknown,
    IdentityUnproven,
    InvitationStands,
    NomineeLocked,
    NotRead,
    OwnRequest,
    RemarkMissing,
    RequestSettled,
    TaxIdsDiffer,
)
from idp.mandates.models import Kind, MandateRequest, Refusal, RequestState
from idp.mandates.rules import Reviewer
from idp.taxids import TaxId
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

COMPANY = TaxId.parse_canonical(ACME)


def read(request: MandateRequest, by: Reviewer = REVIEWER, **changes: Any) -> None:
    reviewing.note(request.public_id, {**what_it_says(request), **changes}, by=by, at=clock.now())


def approve(
    request: MandateRequest, *, identity_seen: bool = True, remark: str = ""
) -> MandateRequest:
    return reviewing.approve(
        request.public_id,
        identity_seen=identity_seen,
        remark=remark,
        by=REVIEWER,
        at=clock.now(),
    )


def approved(request: MandateRequest, **options: object) -> MandateRequest:
    read(request)
    return approve(request, **options)  # type: ignore[arg-type]


def mails() -> list[tuple[str, str]]:
    """Template and address of each, in order."""
    return [(each.template, each.recipient_address) for each in
            db.session.scalars(select(Mail).order_by(Mail.id))]  # fmt: skip


def events() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))


def test_an_approved_applicant_represents_the_company_at_once(app: Flask) -> None:
    maria = an_account()
    a_company()
    request = approved(a_request(maria))
    grant = request.grant
    assert grant is not None
    assert (grant.relation, grant.extent, grant.level, grant.granted_by) == (
        Relation.REPRESENTATIVE, Extent.EVERYTHING, Level.FULL, None,
    )  # fmt: skip
    assert acting.acts_for(maria, COMPANY, clock.now())
    assert (request.state, request.reviewer) == (RequestState.APPROVED, REVIEWER.reference)
    assert mails() == [("mandate_approved", maria.email)]
    assert events()[-1] == Event.MANDATE_APPROVED


def test_an_identity_seen_in_the_documents_raises_the_assurance(app: Flask) -> None:
    maria = an_account(assurance=Assurance.DECLARED)
    a_company()
    approved(a_request(maria))
    assert maria.assurance is Assurance.VERIFIED
    assert Event.ASSURANCE_RAISED in events()


def test_without_it_the_assurance_stays(app: Flask) -> None:
    maria = an_account(assurance=Assurance.PROVEN)
    a_company()
    approved(a_request(maria), identity_seen=False)
    assert maria.assurance is Assurance.PROVEN


def test_a_tax_id_that_anybody_may_have_registered_is_not_enough(app: Flask) -> None:
    """Somebody reads the director's tax id in a public register and registers it as their own."""
    squatter = an_account(assurance=Assurance.DECLARED)
    a_company()
    request = a_request(squatter)
    read(request)
    with pytest.raises(IdentityUnproven):
        approve(request, identity_seen=False)


def test_nobody_approves_what_they_have_not_read_themselves(app: Flask) -> None:
    a_company()
    request = a_request(an_account())
    read(request, by=COLLEAGUE)
    with pytest.raises(NotRead):
        approve(request)


@pytest.mark.parametrize(
    ("field", "value"),
    [("holder_tax_id", "br:cnpj:12ABC34501DE35"), ("nominee_tax_id", RITA)],
)
def test_other_tax_ids_are_never_approved(app: Flask, field: str, value: str) -> None:
    a_company()
    request = a_request(an_account())
    changes: dict[str, Any] = {field: TaxId.parse_canonical(value)}
    read(request, **changes)
    with pytest.raises(TaxIdsDiffer):
        approve(request, remark="It is surely the same.")


def test_another_name_needs_a_remark(app: Flask) -> None:
    a_company()
    request = a_request(an_account())
    read(request, holder_name="Acme Participações")
    with pytest.raises(RemarkMissing):
        approve(request)
    assert approve(request, remark="Renamed in 2024").state is RequestState.APPROVED


def test_accents_and_case_make_no_other_name(app: Flask) -> None:
    a_company()
    request = a_request(an_account())
    read(request, holder_name="ACME INDUSTRIA LTDA.")
    assert approve(request).state is RequestState.APPROVED


def test_the_last_reading_counts(app: Flask) -> None:
    a_company()
    request = a_request(an_account())
    read(request, nominee_tax_id=TaxId.parse_canonical(RITA))
    read(request)
    assert approve(request).state is RequestState.APPROVED


def test_a_request_is_decided_once(app: Flask) -> None:
    a_company()
    request = a_request(an_account())
    read(request, by=COLLEAGUE)
    approved(request)
    with pytest.raises(RequestSettled):
        refuse(request, by=COLLEAGUE)
    with pytest.raises(RequestSettled):
        read(request)


def refuse(request: MandateRequest, by: Reviewer = REVIEWER) -> MandateRequest:
    return reviewing.refuse(
        request.public_id, Refusal.UNREADABLE, text="Page 2 is cut off.", by=by, at=clock.now()
    )


def test_a_refusal_tells_why_and_gives_nothing(app: Flask) -> None:
    maria = an_account()
    a_company()
    request = refuse(a_request(maria))
    assert (request.state, request.refusal) == (RequestState.REFUSED, Refusal.UNREADABLE)
    assert request.grant is None
    (mail,) = db.session.scalars(select(Mail))
    assert mail.template == "mandate_refused"
    assert mail.context["text"] == "Page 2 is cut off."


@pytest.mark.parametrize("decide", [approved, refuse])
def test_documents_are_kept_no_longer_than_needed(
    app: Flask, decide: Callable[[MandateRequest], MandateRequest]
) -> None:
    a_company()
    request = decide(a_request(an_account()))
    kept = timedelta(days=app.config["EVIDENCE_RETENTION_DAYS"])
    assert request.settled_at is not None
    assert [each.delete_at for each in request.documents] == [request.settled_at + kept]


@pytest.mark.parametrize(
    ("name", "email", "reference"),
    [
        ("Other Name", "other@utility.example", "t_support"),
        ("RITA ALVÊS", "other@utility.example", "t_other"),
        ("Other Name", "Rita@Example.com", "t_other"),
    ],
)
def test_four_eyes(app: Flask, name: str, email: str, reference: str) -> None:
    """Neither who opened the case nor who is named in it."""
    a_company()
    request = a_request(None, staff="t_support")
    with pytest.raises(OwnRequest):
        read(request, by=Reviewer(reference, name, email))
    with pytest.raises(OwnRequest):
        refuse(request, by=Reviewer(reference, name, email))


def test_the_applicant_can_not_review_either(app: Flask) -> None:
    a_company()
    maria = an_account()
    a_representative(maria)
    request = a_request(maria, nominee_tax_id=RITA, nominee_name="Rita", nominee_email="r@x.org")
    with pytest.raises(OwnRequest):
        refuse(request, by=Reviewer("t_other", "Maria", maria.email))


def test_a_company_that_the_registry_does_not_know_can_not_be_represented(app: Flask) -> None:
    request = a_request(an_account())
    read(request)
    with pytest.raises(HolderUnknown):
        approve(request)


def test_who_represents_already_is_not_approved_again(app: Flask) -> None:
    a_company()
    maria = an_account()
    request = a_request(maria)
    a_representative(maria)
    read(request)
    with pytest.raises(AlreadyRepresents):
        approve(request)


def test_a_locked_account_gets_nothing(app: Flask) -> None:
    a_company()
    maria = an_account(locked_at=clock.now())
    request = a_request(maria)
    read(request)
    with pytest.raises(NomineeLocked):
        approve(request)


def for_joao(maria: Account, **overrides: object) -> MandateRequest:
    """Maria, who represents Acme, names João."""
    values = {
        "nominee_tax_id": JOAO, "nominee_name": "João Souza", "nominee_email": "joao@example.com",
    }  # fmt: skip
    return a_request(maria, **{**values, **overrides})


def test_a_second_representative_is_added_and_the_first_stays(app: Flask) -> None:
    maria, other = an_account(), joao()
    a_company()
    a_representative(maria)
    approved(for_joao(maria), identity_seen=False)
    at = clock.now()
    assert acting.acts_for(maria, COMPANY, at)
    assert acting.acts_for(other, COMPANY, at)
    assert mails() == [("mandate_approved", maria.email), ("mandate_joined", other.email)]


def test_every_other_representative_hears_of_a_new_one(app: Flask) -> None:
    """Who has the papers of a company may not be meant to act for it: somebody must notice."""
    rita, maria = an_account(RITA, "Rita Alves", "rita@example.com"), an_account()
    a_company()
    a_representative(rita)
    approved(a_request(maria))
    assert ("mandate_another", rita.email) in mails()


def test_a_replaced_representative_loses_access_at_the_moment_of_approval(app: Flask) -> None:
    maria, other = an_account(), joao()
    a_company()
    former = a_representative(maria)
    approved(for_joao(maria, replaces=former))
    at = clock.now()
    assert not acting.acts_for(maria, COMPANY, at)
    assert acting.acts_for(other, COMPANY, at)
    assert former.state is State.REVOKED
    assert ("mandate_replaced", maria.email) in mails()


def test_contacts_keep_what_the_former_gave_in_the_name_of_the_company(app: Flask) -> None:
    maria, other = an_account(), joao()
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    a_company(0)
    installation = an_installation(ACME)
    own = an_installation(maria.tax_id)
    former = a_representative(maria)
    lent = a_grant(maria, rita, [installation], holder=COMPANY)
    private = a_grant(maria, rita, [own])
    approved(for_joao(maria, replaces=former))
    db.session.expire_all()
    assert (lent.state, lent.granted_by) == (State.ACTIVE, other)
    assert (private.state, private.granted_by) == (State.ACTIVE, maria)
    assert Event.GRANT_PASSED_ON in events()


def test_one_who_gave_up_meanwhile_is_replaced_all_the_same(app: Flask) -> None:
    maria, other = an_account(), joao()
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    a_company()
    former = a_representative(rita)
    a_representative(maria)
    request = for_joao(maria, replaces=former)
    former.state, former.ended_at = State.RENOUNCED, clock.now()
    approved(request)
    assert former.state is State.RENOUNCED
    assert acting.acts_for(other, COMPANY, clock.now())


@pytest.mark.parametrize("kind", list(Kind))
def test_who_acts_for_the_holder_no_more_gets_nothing_approved(app: Flask, kind: Kind) -> None:
    maria = an_account()
    joao()
    a_company()
    grant = a_representative(maria)
    request = for_joao(maria, kind=kind)
    grant.state, grant.ended_at = State.REVOKED, clock.now()
    read(request)
    with pytest.raises(ApplicantLostPower):
        approve(request)


def test_a_refused_approval_leaves_nothing_behind(app: Flask) -> None:
    maria = an_account()
    a_company()
    former = a_representative(maria)
    joao(locked_at=clock.now())
    request = for_joao(maria, replaces=former)
    read(request)
    db.session.commit()
    with pytest.raises(DomainError):
        approve(request)
    db.session.rollback()
    assert request.state is RequestState.OPEN
    assert former.state is State.ACTIVE
    assert db.session.scalars(select(Grant)).all() == [former]


def test_level_and_end_of_a_manager_are_compared_too(app: Flask) -> None:
    maria = an_account()
    an_installation(maria.tax_id)
    ends_on = date.today() + timedelta(days=90)
    request = for_joao(
        maria, kind=Kind.MANAGER, holder_tax_id=maria.tax_id, ends_on=ends_on,
    )  # fmt: skip
    read(request, level=Level.READ_ONLY)
    with pytest.raises(RemarkMissing):
        approve(request)
    read(request, ends_on=None)
    with pytest.raises(RemarkMissing):
        approve(request)


def accept(request: MandateRequest, guest: Account) -> None:
    """The nominee, by the link in the mail."""
    assert request.invitation is not None
    invitations.accept(request.invitation.public_id, guest=guest, locale="en", at=clock.now())


def rita(**overrides: Any) -> Account:
    values = {"tax_id": RITA, "name": "Rita Alves", "email": "rita@example.com"}
    return an_account(**{**values, **overrides})


def test_a_case_opened_by_staff_ends_in_an_invitation(app: Flask) -> None:
    """The person has no account yet: they register with what the documents say, and accept."""
    a_company()
    request = approved(a_request(None))
    assert request.grant_id is None
    assert request.invitation is not None
    assert request.invitation.inviter is None
    guest = rita(assurance=Assurance.DECLARED)
    accept(request, guest)
    assert acting.acts_for(guest, COMPANY, clock.now())
    assert request.grant is not None
    assert guest.assurance is Assurance.VERIFIED


def test_an_account_of_another_address_is_invited_at_the_one_that_was_named(app: Flask) -> None:
    maria = an_account()
    joao(email="squatter@example.org")
    a_company()
    a_representative(maria)
    request = approved(for_joao(maria), identity_seen=False)
    assert request.grant_id is None
    assert request.invitation is not None
    assert request.invitation.guest_email == "joao@example.com"
    assert request.invitation.inviter == maria


def test_who_leaves_their_place_to_a_stranger_leaves_at_once(app: Flask) -> None:
    """The company's papers say so; what they gave passes on when the new one accepts."""
    maria = an_account()
    a_company(0)
    installation = an_installation(ACME)
    former = a_representative(maria)
    lent = a_grant(maria, rita(), [installation], holder=COMPANY)
    request = approved(for_joao(maria, replaces=former))
    assert former.state is State.REVOKED
    assert lent.granted_by == maria
    other = joao()
    accept(request, other)
    db.session.expire_all()
    assert (lent.state, lent.granted_by) == (State.ACTIVE, other)


def test_an_approved_manager_is_invited_and_accepts(app: Flask) -> None:
    maria, other = an_account(), joao()
    an_installation(maria.tax_id)
    ends_on = date.today() + timedelta(days=90)
    request = approved(
        for_joao(
            maria,
            kind=Kind.MANAGER,
            holder_tax_id=maria.tax_id,
            holder_name=maria.name,
            level=Level.READ_ONLY,
            ends_on=ends_on,
        )
    )
    assert request.grant_id is None
    accept(request, other)
    grant = request.grant
    assert grant is not None
    assert (grant.relation, grant.extent, grant.level, grant.granted_by) == (
        Relation.MANAGER, Extent.EVERYTHING, Level.READ_ONLY, maria,
    )  # fmt: skip
    assert grant.expires_at is not None
    assert other.assurance is Assurance.PROVEN


def test_an_invitation_sent_again_belongs_to_the_request_too(app: Flask) -> None:
    maria = an_account()
    a_company()
    a_representative(maria)
    request = approved(for_joao(maria))
    assert request.invitation is not None
    again = invitations.resend(request.invitation.public_id, by=maria, locale="en", at=clock.now())
    invitations.accept(again.public_id, guest=joao(), locale="en", at=clock.now())
    assert request.invitation == again
    assert request.grant is not None


def test_staff_invite_again_when_nobody_answered_in_time(app: Flask) -> None:
    a_company()
    request = approved(a_request(None))
    first, at = request.invitation, clock.now()
    assert first is not None
    with pytest.raises(InvitationStands):
        inviting.invite_again(request.public_id, by=REVIEWER.actor, at=at)
    late = first.expires_at + timedelta(minutes=1)
    second = inviting.invite_again(request.public_id, by=REVIEWER.actor, at=late)
    assert request.invitation == second != first
    guest = rita()
    invitations.accept(second.public_id, guest=guest, locale="en", at=late)
    with pytest.raises(InvitationStands):
        inviting.invite_again(request.public_id, by=REVIEWER.actor, at=late)
