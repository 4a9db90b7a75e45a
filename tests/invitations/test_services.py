from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.audit import Actor
from idp.audit.models import AuditEvent
from idp.errors import NotFound, TooManyAttempts
from idp.extensions import db
from idp.grants.models import Grant, GrantInstallation, Level, Relation, State
from idp.invitations import days, lookup, numbering, offering, purging, remaining, services
from idp.invitations.errors import (
    DraftChanged,
    InvitationForAnother,
    InvitationLapsed,
    InvitationSettled,
    InvitationUnavailable,
    NothingToOffer,
    OfferedToOneself,
    OwnershipUnproven,
)
from idp.invitations.models import Decision, Invitation, InvitationDraft, InvitationInstallation
from idp.mail.models import Mail
from idp.pages.paging import Paging
from idp.registry.models import Installation, InstallationStatus
from idp.taxids import TaxId
from idp.terms.models import TermsAcceptance
from tests.factories.accounts import an_account, joao
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.registry import a_holder, an_installation, holdings

OTHER = "br:cpf:11144477735"


def offer(draft: InvitationDraft, inviter: Account, **changes: Any) -> Invitation:
    values = {
        "inviter": inviter,
        "seen_by_inviter": offering.seen(draft),
        "locale": "en",
        "at": clock.now(),
    }
    return services.offer(draft.public_id, **{**values, **changes})


def mails() -> list[tuple[str, str]]:
    db.session.flush()
    return [
        (mail.template, mail.recipient_address)
        for mail in db.session.scalars(select(Mail).order_by(Mail.id))
    ]


def events(invitation: Invitation) -> list[str]:
    found = select(AuditEvent.event).where(AuditEvent.invitation == invitation.public_id)
    return list(db.session.scalars(found.order_by(AuditEvent.id)))


def give_away(installation: Installation) -> None:
    installation.holder_tax_id = a_holder(OTHER, "Outra Pessoa").tax_id
    db.session.commit()


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


def test_an_offer_is_kept_told_and_recorded(maria: Account) -> None:
    at = clock.now()
    ends_on = days.today(at) + timedelta(days=400)
    draft = a_draft(maria, holdings(maria.tax_id, 3), ends_on=str(ends_on), level="full")
    invitation = offer(draft, maria, at=at, locale="es")
    assert invitation.installation_count == remaining.count_left(invitation) == 3
    assert invitation.guest_tax_id == TaxId("br", "cpf", "39053344705")
    assert invitation.level is Level.FULL
    assert invitation.expires_at == at + timedelta(hours=12)
    midnight = time(2, 59, 59, tzinfo=UTC)  # of São Paulo
    assert invitation.grant_expires_at == datetime.combine(ends_on + timedelta(days=1), midnight)
    assert mails() == [("invitation_offered", "joao@example.com")]
    assert events(invitation) == ["invitation.sent"]


def test_the_holders_acceptance_of_the_terms_is_kept_with_the_exact_text(maria: Account) -> None:
    invitation = offer(a_draft(maria, [an_installation(maria.tax_id)]), maria, locale="pt-BR")
    kept = db.session.scalars(select(TermsAcceptance)).one()
    assert (kept.account, kept.invitation) == (maria.public_id, invitation.public_id)
    assert (kept.terms, kept.locale, len(kept.sha256)) == ("permission", "pt-BR", 64)


def test_sending_a_draft_twice_gives_one_invitation(maria: Account) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    first = offer(draft, maria)
    assert offer(draft, maria) is first
    assert len(mails()) == 1


def test_what_changed_since_it_was_seen_is_not_sent(maria: Account) -> None:
    draft = a_draft(maria, holdings(maria.tax_id, 2))
    seen = offering.seen(draft)
    draft.version += 1
    db.session.flush()
    with pytest.raises(DraftChanged):
        offer(draft, maria, seen_by_inviter=seen)


def test_an_installation_that_left_the_holder_since_is_not_sent_unseen(maria: Account) -> None:
    mine = holdings(maria.tax_id, 2)
    draft = a_draft(maria, mine)
    seen = offering.seen(draft)
    give_away(mine[0])
    with pytest.raises(DraftChanged):
        offer(draft, maria, seen_by_inviter=seen)
    assert offer(draft, maria).installation_count == 1


def test_inactive_and_foreign_installations_are_never_offered(maria: Account) -> None:
    inactive = an_installation(maria.tax_id, status=InstallationStatus.INACTIVE)
    foreign = an_installation(OTHER)
    mine = an_installation(maria.tax_id)
    invitation = offer(a_draft(maria, [inactive, foreign, mine]), maria)
    offered = select(InvitationInstallation.installation_id)
    assert list(db.session.scalars(offered)) == [mine.id]
    assert invitation.installation_count == 1


def test_an_account_that_only_declared_its_tax_id_sends_nothing(app: Flask) -> None:
    declared = an_account(assurance=Assurance.DECLARED)
    draft = a_draft_of_a_holder(declared)
    with pytest.raises(OwnershipUnproven):
        offer(draft, declared)


def a_draft_of_a_holder(account: Account) -> InvitationDraft:
    return a_draft(account, [an_installation(account.tax_id)])


def test_nobody_invites_themselves(maria: Account) -> None:
    mine = an_installation(maria.tax_id)
    draft = a_draft(maria, [mine], guest_tax_id="529.982.247-25")
    with pytest.raises(OfferedToOneself):
        offer(draft, maria)


def test_somebody_elses_draft_can_not_be_sent(maria: Account) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    an_installation("br:cpf:39053344705")
    with pytest.raises(NotFound):
        offer(draft, joao())


def test_a_protocol_number_that_is_taken_is_drawn_again(
    maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = an_invitation(maria)
    numbers = iter([earlier.protocol, earlier.protocol, "2026.0000.0001.0"])
    monkeypatch.setattr(numbering, "new_protocol", lambda _at: next(numbers))
    invitation = offer(a_draft(maria, [an_installation(maria.tax_id)]), maria)
    assert invitation.protocol == "2026.0000.0001.0"


def test_accepting_issues_one_grant_and_tells_both(maria: Account) -> None:
    guest = joao()
    end = clock.now() + timedelta(days=400)
    mine = holdings(maria.tax_id, 2)
    invitation = an_invitation(maria, mine, level=Level.FULL, grant_expires_at=end)
    (grant,) = services.accept(invitation.public_id, guest=guest, locale="es", at=clock.now())
    assert (grant.grantee_id, grant.granted_by_id) == (guest.id, maria.id)
    assert (grant.level, grant.relation, grant.state) == (
        Level.FULL,
        Relation.DELEGATE,
        State.ACTIVE,
    )
    assert (grant.expires_at, grant.installation_count) == (end, 2)
    assert (invitation.decision, invitation.grant) == (Decision.ACCEPTED, grant)
    assert mails() == [
        ("invitation_accepted", "maria@example.com"),
        ("invitation_joined", "joao@example.com"),
    ]
    assert events(invitation) == ["invitation.accepted"]


def test_accepting_records_both_texts_for_the_guest(maria: Account) -> None:
    guest = joao()
    services.accept(an_invitation(maria).public_id, guest=guest, locale="es", at=clock.now())
    kept = db.session.scalars(select(TermsAcceptance).order_by(TermsAcceptance.terms)).all()
    assert [(each.account, each.terms, each.locale) for each in kept] == [
        (guest.public_id, "permission", "es"),
        (guest.public_id, "platform", "es"),
    ]


def test_what_changed_holder_meanwhile_is_left_out(maria: Account) -> None:
    stays, leaves = holdings(maria.tax_id, 2)
    invitation = an_invitation(maria, [stays, leaves])
    give_away(leaves)
    (grant,) = services.accept(invitation.public_id, guest=joao(), locale="en", at=clock.now())
    covered = select(GrantInstallation.installation_id).where(
        GrantInstallation.grant_id == grant.id
    )
    assert list(db.session.scalars(covered)) == [stays.id]


def test_with_nothing_left_there_is_nothing_to_accept(maria: Account) -> None:
    mine = an_installation(maria.tax_id)
    invitation = an_invitation(maria, [mine])
    give_away(mine)
    with pytest.raises(InvitationUnavailable):
        services.accept(invitation.public_id, guest=joao(), locale="en", at=clock.now())
    assert invitation.decision is None


def test_nobody_accepts_from_a_locked_account(maria: Account) -> None:
    invitation = an_invitation(maria)
    maria.locked_at = clock.now()
    db.session.commit()
    with pytest.raises(InvitationUnavailable):
        services.accept(invitation.public_id, guest=joao(), locale="en", at=clock.now())


@pytest.mark.parametrize(
    "changes",
    [
        {"tax_id": "br:cpf:11144477735"},
        {"email": "other@example.com"},
        {"name": "Outra Pessoa"},
    ],
)
def test_with_other_data_nobody_accepts_or_declines(
    maria: Account, changes: dict[str, str]
) -> None:
    invitation = an_invitation(maria)
    stranger = joao(**changes)
    with pytest.raises(InvitationForAnother):
        services.accept(invitation.public_id, guest=stranger, locale="en", at=clock.now())
    with pytest.raises(InvitationForAnother):
        services.decline(invitation.public_id, guest=stranger, reason="", at=clock.now())


def test_accepting_at_the_moment_of_lapse_is_too_late(maria: Account) -> None:
    invitation = an_invitation(maria)
    with pytest.raises(InvitationLapsed):
        services.accept(invitation.public_id, guest=joao(), locale="en", at=invitation.expires_at)
    assert db.session.scalars(select(Grant)).all() == []


def test_declining_tells_the_holder_why(maria: Account) -> None:
    invitation = an_invitation(maria)
    services.decline(invitation.public_id, guest=joao(), reason="I moved", at=clock.now())
    assert (invitation.decision, invitation.decline_reason) == (Decision.DECLINED, "I moved")
    assert mails() == [("invitation_declined", "maria@example.com")]
    assert events(invitation) == ["invitation.declined"]


def test_cancelling_tells_the_guest_and_ends_the_offer(maria: Account) -> None:
    invitation = services.get_locked(an_invitation(maria).public_id)
    services.cancel(invitation, by=maria.actor, at=clock.now())
    services.cancel(invitation, by=maria.actor, at=clock.now())
    assert mails() == [("invitation_cancelled", "joao@example.com")]
    assert events(invitation) == ["invitation.cancelled"]
    with pytest.raises(InvitationSettled):
        services.accept(invitation.public_id, guest=joao(), locale="en", at=clock.now())


def test_staff_cancel_with_a_reason_on_record(maria: Account) -> None:
    invitation = services.get_locked(an_invitation(maria).public_id)
    services.cancel(invitation, by=Actor("staff", "t_1"), at=clock.now(), reason="fraud")
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.actor, event.data) == ("staff:t_1", {"reason": "fraud"})


def test_what_was_accepted_can_not_be_cancelled(maria: Account) -> None:
    invitation = an_invitation(maria)
    services.accept(invitation.public_id, guest=joao(), locale="en", at=clock.now())
    with pytest.raises(InvitationSettled):
        services.cancel(invitation, by=maria.actor, at=clock.now())


def test_what_nobody_answered_lapses_once_and_the_holder_is_told(maria: Account) -> None:
    at = clock.now()
    overdue = an_invitation(maria, at=at - timedelta(hours=13))
    still_open = an_invitation(maria, at=at)
    assert services.lapse_due(at) == 1
    assert services.lapse_due(at) == 0
    assert (overdue.decision, still_open.decision) == (Decision.LAPSED, None)
    assert mails() == [("invitation_lapsed", "maria@example.com")]
    assert events(overdue) == ["invitation.lapsed"]


def test_lapsing_takes_no_more_than_it_was_told_to(maria: Account) -> None:
    at = clock.now()
    for _number in range(3):
        an_invitation(maria, at=at - timedelta(days=1))
    assert [services.lapse_due(at, limit=2) for _round in range(3)] == [2, 1, 0]


def test_resending_an_open_invitation_replaces_it(maria: Account) -> None:
    end = clock.now() + timedelta(days=400)
    first = an_invitation(maria, holdings(maria.tax_id, 2), grant_expires_at=end)
    second = services.resend(first.public_id, by=maria, locale="en", at=clock.now())
    assert first.decision is Decision.CANCELLED
    assert second.resent_from_id == first.id
    assert second.protocol != first.protocol
    for name in ("guest_name", "guest_tax_id", "guest_email", "level", "grant_expires_at"):
        assert getattr(second, name) == getattr(first, name)
    assert second.installation_count == 2
    assert mails() == [("invitation_offered", "joao@example.com")]
    assert lookup.find_successor(first) is second


def test_resending_after_the_lapse_starts_twelve_new_hours(maria: Account) -> None:
    at = clock.now()
    first = an_invitation(maria, at=at - timedelta(hours=13))
    second = services.resend(first.public_id, by=maria, locale="en", at=at)
    assert first.decision is Decision.LAPSED
    assert second.expires_at == at + timedelta(hours=12)
    assert services.lapse_due(at) == 0


def test_resending_twice_gives_the_same_invitation(maria: Account) -> None:
    first = an_invitation(maria)
    second = services.resend(first.public_id, by=maria, locale="en", at=clock.now())
    assert services.resend(first.public_id, by=maria, locale="en", at=clock.now()) is second


def test_what_was_declined_is_not_sent_again(maria: Account) -> None:
    first = an_invitation(maria)
    services.decline(first.public_id, guest=joao(), reason="", at=clock.now())
    with pytest.raises(InvitationSettled):
        services.resend(first.public_id, by=maria, locale="en", at=clock.now())


def test_nothing_is_sent_again_once_its_installations_are_gone(maria: Account) -> None:
    mine = an_installation(maria.tax_id)
    an_installation(maria.tax_id)
    first = an_invitation(maria, [mine])
    give_away(mine)
    with pytest.raises(NothingToOffer):
        services.resend(first.public_id, by=maria, locale="en", at=clock.now())


def test_nobody_resends_or_sees_somebody_elses_invitation(maria: Account) -> None:
    invitation = an_invitation(maria)
    other = joao()
    with pytest.raises(NotFound):
        services.resend(invitation.public_id, by=other, locale="en", at=clock.now())
    with pytest.raises(NotFound):
        lookup.get_sent(invitation.public_id, other)


def test_a_guest_who_came_too_late_can_ask_once_in_a_while(maria: Account) -> None:
    at = clock.now()
    invitation = an_invitation(maria, at=at - timedelta(hours=13))
    services.request_again(invitation, at=at)
    with pytest.raises(TooManyAttempts):
        services.request_again(invitation, at=at)
    assert mails() == [("invitation_requested", "maria@example.com")]


def test_nobody_asks_again_for_what_is_open_settled_or_sent_again(maria: Account) -> None:
    at = clock.now()
    lapsed = an_invitation(maria, at=at - timedelta(hours=13))
    services.resend(lapsed.public_id, by=maria, locale="en", at=at)
    for invitation in (an_invitation(maria), lapsed):
        with pytest.raises(InvitationSettled):
            services.request_again(invitation, at=at)


def test_an_account_can_not_send_invitations_without_end(maria: Account) -> None:
    for _number in range(20):
        services.count_attempt(maria)
    with pytest.raises(TooManyAttempts):
        services.count_attempt(maria)


def test_drafts_are_forgotten_after_a_day(maria: Account) -> None:
    at = clock.now()
    an_installation(maria.tax_id)
    a_draft(maria, at=at - timedelta(hours=25))
    kept = a_draft(maria, at=at - timedelta(hours=23))
    assert purging.purge(at) == 1
    assert db.session.scalars(select(InvitationDraft)).all() == [kept]


def test_received_invitations_are_found_by_tax_id_and_address(maria: Account) -> None:
    guest = joao()
    mine = an_invitation(maria)
    an_invitation(maria, guest_email="other@example.com")
    an_invitation(maria, guest_tax_id=TaxId.parse_canonical(OTHER))
    assert list(lookup.received_by(guest, Paging(1, 3))) == [mine]
    assert lookup.count_received(guest) == 1


def test_the_end_of_a_day_is_that_of_the_deployments_time_zone(app: Flask) -> None:
    assert days.end_of(date(2026, 11, 22)) == datetime(2026, 11, 23, 2, 59, 59, tzinfo=UTC)
    assert days.today(datetime(2026, 11, 23, 2, 30, tzinfo=UTC)) == date(2026, 11, 22)
    assert days.end_of(None) is None
