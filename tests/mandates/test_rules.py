"""What equals what, and who may decide: without a database."""

from datetime import date

import pytest

from idp.accounts.models import Account
from idp.grants.models import Level
from idp.invitations.errors import EndDateTooSoon
from idp.mandates import rules
from idp.mandates.errors import (
    NomineeIsApplicant,
    NomineeIsHolder,
    RequestNotSent,
    RequestSettled,
)
from idp.mandates.models import Kind, MandateReading, MandateRequest, RequestState
from idp.mandates.rules import Claim, Flow, Reviewer
from idp.taxids import TaxId
from tests.factories.accounts import JOAO, MARIA
from tests.factories.mandates import ACME, REVIEWER

TODAY = date(2026, 11, 22)
COMPANY, PERSON, OTHER = (TaxId.parse_canonical(each) for each in (ACME, MARIA, JOAO))


def a_claim(**changes: object) -> Claim:
    values = {
        "kind": Kind.REPRESENTATIVE,
        "holder_tax_id": COMPANY,
        "holder_name": "Acme",
        "nominee_tax_id": PERSON,
        "nominee_name": "Maria da Silva",
        "nominee_email": "maria@example.com",
    }
    return Claim(**{**values, **changes})  # type: ignore[arg-type]


def a_request(**changes: object) -> MandateRequest:
    values = {
        "kind": Kind.MANAGER,
        "state": RequestState.OPEN,
        "staff": "",
        "holder_tax_id": COMPANY,
        "holder_name": "Acme Indústria, S.A.",
        "nominee_tax_id": PERSON,
        "nominee_name": "José D'Ávila",
        "nominee_email": "jose@example.com",
        "level": Level.FULL,
        "ends_on": None,
    }
    return MandateRequest(**{**values, **changes})


def test_the_holder_needs_nobodys_leave() -> None:
    with pytest.raises(NomineeIsHolder):
        rules.check_claim(a_claim(nominee_tax_id=COMPANY), applicant=None, today=TODAY)


def test_who_acts_for_the_holder_does_not_name_themselves() -> None:
    with pytest.raises(NomineeIsApplicant):
        rules.check_claim(a_claim(), applicant=PERSON, today=TODAY)
    rules.check_claim(a_claim(), applicant=None, today=TODAY)


def test_an_end_in_the_past_is_refused() -> None:
    with pytest.raises(EndDateTooSoon):
        rules.check_claim(a_claim(ends_on=TODAY), applicant=OTHER, today=TODAY)


@pytest.mark.parametrize(
    ("changes", "flow"),
    [
        ({"kind": Kind.MANAGER}, Flow.MANAGER),
        ({"kind": Kind.REPRESENTATIVE, "account": Account(tax_id=PERSON)}, Flow.REPRESENT),
        ({"kind": Kind.REPRESENTATIVE, "account": Account(tax_id=OTHER)}, Flow.ADD),
        (
            {"kind": Kind.REPRESENTATIVE, "account": Account(tax_id=OTHER), "replaces_id": 7},
            Flow.REPLACE,
        ),
    ],
)
def test_a_request_knows_its_pages(changes: dict[str, object], flow: Flow) -> None:
    assert rules.flow_of(a_request(**changes)) is flow


def compared(**read: object) -> dict[str, bool]:
    request = a_request()
    names = ("holder_tax_id", "holder_name", "nominee_tax_id", "nominee_name", "level", "ends_on")
    reading = MandateReading(**{**{name: getattr(request, name) for name in names}, **read})
    return {each.name: each.equal for each in rules.compare(request, reading)}


def test_what_was_claimed_equals_itself() -> None:
    assert set(compared().values()) == {True}


@pytest.mark.parametrize(
    ("name", "value", "equal"),
    [
        ("holder_name", "ACME INDUSTRIA SA", False),  # S.A. is two words: somebody should look
        ("holder_name", "Acme Industria S A", True),
        ("nominee_name", "JOSE DAVILA", True),
        ("nominee_name", "José Ávila", False),
        ("nominee_tax_id", OTHER, False),
        ("level", Level.READ_ONLY, False),
        ("ends_on", TODAY, False),
    ],
)
def test_names_are_compared_without_accents_and_all_else_exactly(
    name: str, value: object, equal: bool
) -> None:
    assert compared(**{name: value})[name] is equal


def test_of_a_representative_level_and_end_are_not_compared() -> None:
    request = a_request(kind=Kind.REPRESENTATIVE)
    reading = MandateReading(
        holder_tax_id=COMPANY, holder_name="", nominee_tax_id=PERSON, nominee_name=""
    )
    assert len(rules.compare(request, reading)) == 4


@pytest.mark.parametrize("state", [each for each in RequestState if each is not RequestState.OPEN])
def test_only_an_open_request_is_decided(state: RequestState) -> None:
    error = RequestNotSent if state is RequestState.DRAFT else RequestSettled
    with pytest.raises(error):
        rules.check_open(a_request(state=state))


@pytest.mark.parametrize(
    ("reviewer", "may"),
    [
        (REVIEWER, True),
        (Reviewer("t_opener", "Any Body", "any@utility.example"), False),
        (Reviewer("t_1", "JOSE  DAVILA", "any@utility.example"), False),
        (Reviewer("t_1", "Any Body", "JOSE@example.com"), False),
    ],
)
def test_four_eyes(reviewer: Reviewer, may: bool) -> None:
    assert rules.may_review(reviewer, a_request(staff="t_opener")) is may
