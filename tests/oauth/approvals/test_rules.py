from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from idp.oauth.approvals import rules
from idp.oauth.approvals.models import ApprovalState
from idp.oauth.approvals.rules import Outcome
from idp.oauth.device import codes

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    state: ApprovalState = ApprovalState.PENDING
    expires_at: datetime = NOW + timedelta(minutes=5)
    polled_at: datetime | None = None
    interval: int = 5


def test_one_that_nobody_decided_has_to_wait() -> None:
    assert rules.outcome(Asked(), at=NOW) is Outcome.WAIT
    assert rules.outcome(Asked(polled_at=NOW - timedelta(seconds=5)), at=NOW) is Outcome.WAIT


def test_two_questions_within_the_interval_are_too_soon() -> None:
    asked = Asked(polled_at=NOW - timedelta(seconds=3))
    assert rules.outcome(asked, at=NOW) is Outcome.TOO_SOON
    assert rules.outcome(replace(asked, interval=3), at=NOW) is Outcome.WAIT


def test_a_decision_is_told_however_soon_it_is_asked_for() -> None:
    asked = Asked(state=ApprovalState.ALLOWED, polled_at=NOW)
    assert rules.outcome(asked, at=NOW) is Outcome.READY
    denied = replace(asked, state=ApprovalState.DENIED)
    assert rules.outcome(denied, at=NOW) is Outcome.DENIED


def test_nothing_is_issued_after_its_time_or_twice() -> None:
    late = Asked(state=ApprovalState.ALLOWED, expires_at=NOW)
    assert rules.outcome(late, at=NOW) is Outcome.EXPIRED
    assert rules.outcome(Asked(expires_at=NOW), at=NOW) is Outcome.EXPIRED
    assert rules.outcome(Asked(state=ApprovalState.USED), at=NOW) is Outcome.SPENT


@pytest.mark.parametrize("typed", ["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "W-D-J-B-M-J-H-T"])
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert codes.read(typed) == "WDJB-MJHT"


@pytest.mark.parametrize(
    "typed", ["", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH1", "ÉÉÉÉÉÉÉÉ"]
)
def test_what_is_no_code_is_no_code(typed: str) -> None:
    assert codes.read(typed) is None


def test_new_codes_have_no_vowels_and_are_no_two_alike() -> None:
    made = {codes.new() for _ in range(200)}
    assert len(made) == 200
    assert all(codes.read(each) == each and not set(each) & set("AEIOUY01") for each in made)
