from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from idp.accounts.models import Assurance
from idp.audit import SYSTEM, Actor
from idp.errors import DomainError, NotAllowed
from idp.invitations import rules
from idp.invitations.errors import (
    EndDatePassed,
    EndDateTooLate,
    EndDateTooSoon,
    GuestIsCompany,
    InvitationForAnother,
    InvitationLapsed,
    InvitationSettled,
    NothingToOffer,
    OfferedToOneself,
    OwnershipUnproven,
)
from idp.invitations.models import Decision
from idp.invitations.rules import Standing
from idp.taxids import TaxId
from tests.refusals import refusal_of

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MARIA = TaxId("br", "cpf", "52998224725")
JOAO = TaxId("br", "cpf", "39053344705")
COMPANY = TaxId("br", "cnpj", "11222333000181")


def an_invitation(**changes: Any) -> Any:
    values = {
        "guest_name": "João Souza",
        "guest_tax_id": JOAO,
        "guest_email": "joao@example.com",
        "inviter": SimpleNamespace(locked_at=None, actor=Actor("account", "a_maria")),
        "decision": None,
        "expires_at": AT + timedelta(hours=12),
        "grant_expires_at": None,
    }
    return SimpleNamespace(**{**values, **changes})


def a_guest(**changes: Any) -> Any:
    values = {"name": "João Souza", "tax_id": JOAO, "email": "joao@example.com"}
    return SimpleNamespace(**{**values, **changes})


@pytest.mark.parametrize("assurance", [Assurance.PROVEN, Assurance.VERIFIED])
def test_who_has_shown_ownership_and_holds_something_may_offer(assurance: Assurance) -> None:
    assert refusal_of(rules.check_may_offer, assurance, has_active_installation=True) is None


def test_who_only_declared_a_tax_id_may_not_offer() -> None:
    with pytest.raises(OwnershipUnproven):
        rules.check_may_offer(Assurance.DECLARED, has_active_installation=True)


def test_who_holds_nothing_active_may_not_offer() -> None:
    with pytest.raises(NothingToOffer):
        rules.check_may_offer(Assurance.PROVEN, has_active_installation=False)


def test_nobody_invites_themselves_the_holder_or_a_company() -> None:
    assert refusal_of(rules.check_guest, JOAO, holder=MARIA, inviter=MARIA) is None
    for guest, refusal in ((MARIA, OfferedToOneself), (COMPANY, GuestIsCompany)):
        with pytest.raises(refusal):
            rules.check_guest(guest, holder=MARIA, inviter=MARIA)
    with pytest.raises(OfferedToOneself):
        rules.check_guest(MARIA, holder=COMPANY, inviter=MARIA)


@pytest.mark.parametrize(
    ("ends_on", "refusal"),
    [
        (None, None),
        (date(2026, 11, 23), None),
        (date(2036, 12, 31), None),
        (date(2026, 11, 22), EndDateTooSoon),
        (date(1999, 1, 1), EndDateTooSoon),
        (date(2037, 1, 1), EndDateTooLate),
        (date.max, EndDateTooLate),
    ],
)
def test_an_end_date_lies_between_tomorrow_and_ten_years_from_now(
    ends_on: date | None, refusal: type[DomainError] | None
) -> None:
    met = refusal_of(rules.check_ends_on, ends_on, today=AT.date())
    assert met is None if refusal is None else isinstance(met, refusal)


def test_an_invitation_lapses_at_its_very_moment_without_any_worker() -> None:
    invitation = an_invitation()
    before = invitation.expires_at - timedelta(microseconds=1)
    assert rules.standing_of(invitation, before) is Standing.OPEN
    assert rules.standing_of(invitation, invitation.expires_at) is Standing.LAPSED


@pytest.mark.parametrize("decision", list(Decision))
def test_a_settled_invitation_stays_as_it_was_settled(decision: Decision) -> None:
    invitation = an_invitation(decision=decision)
    assert rules.standing_of(invitation, AT + timedelta(days=365)) == decision.value
    with pytest.raises((InvitationSettled, InvitationLapsed)):
        rules.check_open(invitation, AT)


def test_the_named_guest_may_accept() -> None:
    assert refusal_of(rules.check_answerable, an_invitation(), a_guest(), AT) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"tax_id": MARIA},
        {"email": "somebody@example.com"},
        {"name": "João Sousa"},
        {"name": ""},
        {"tax_id": TaxId("pt", "nif", "501964843")},
    ],
)
def test_anybody_with_other_data_is_refused_whatever_the_state(changes: dict[str, Any]) -> None:
    for decision in (None, *Decision):
        with pytest.raises(InvitationForAnother):
            rules.check_answerable(an_invitation(decision=decision), a_guest(**changes), AT)


def test_nobody_accepts_what_a_locked_account_offered_or_what_would_have_ended() -> None:
    locked = an_invitation(inviter=SimpleNamespace(locked_at=AT))
    ended = an_invitation(grant_expires_at=AT)
    for invitation in (locked, ended):
        assert not rules.may_still_be_given(invitation, AT)
        rules.check_answerable(invitation, a_guest(), AT)


def test_open_and_lapsed_invitations_may_be_sent_again_and_no_others() -> None:
    assert rules.may_be_resent(an_invitation(), AT)
    assert rules.may_be_resent(an_invitation(), AT + timedelta(days=9))
    assert rules.may_be_resent(an_invitation(decision=Decision.LAPSED), AT)
    for decision in (Decision.ACCEPTED, Decision.DECLINED, Decision.CANCELLED):
        assert not rules.may_be_resent(an_invitation(decision=decision), AT)
    with pytest.raises(EndDatePassed):
        rules.check_resendable(an_invitation(grant_expires_at=AT), AT)


def test_only_the_inviter_and_staff_may_cancel() -> None:
    invitation = an_invitation()
    rules.check_may_cancel(invitation, invitation.inviter.actor)
    rules.check_may_cancel(invitation, Actor("staff", "t_1"))
    for other in (Actor("account", "a_other"), Actor("client", "a_maria"), SYSTEM):
        with pytest.raises(NotAllowed):
            rules.check_may_cancel(invitation, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("João Souza", "joao souza"),
        ("João Souza", "  JOÃO   SOUZA "),
        ("Joa\u0303o Souza", "João Souza"),
        ("Conceição d'Ávila-Nuñez", "conceicao d’avila nunez"),
        ("Žydrūnas Šimkus", "Zydrunas Simkus"),
        ("Maria da Silva", "Maria\u00a0da\tSilva"),
    ],
)
def test_names_are_compared_without_accents_case_and_spaces(one: str, other: str) -> None:
    assert rules.same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("João Souza", "João Sousa"), ("Ana Maria", "Maria Ana"), ("João", "João Souza")],
)
def test_other_names_stay_other_names(one: str, other: str) -> None:
    assert not rules.same_name(one, other)
