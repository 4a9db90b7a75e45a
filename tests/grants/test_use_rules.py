"""When something can have been done with a grant."""

from datetime import UTC, datetime, timedelta

import pytest

from idp.grants.errors import UseInTheFuture, UseOutsidePeriod, UseRefused, UseTooOld
from idp.grants.use_models import Action
from idp.grants.use_rules import CLOCK_SKEW, REPORTED_WITHIN, Period, Use
from tests.refusals import refusal_of

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
LATELY = Period(NOW - HOUR, None)
ENDED = Period(NOW - 2 * HOUR, NOW - HOUR)
LONG_AGO = Period(NOW - timedelta(days=365), None)


def use_at(at: datetime) -> Use:
    return Use("r", at, Action.READ, "Looked")


@pytest.mark.parametrize(
    ("period", "at"),
    [
        (LATELY, NOW),
        (LATELY, NOW + CLOCK_SKEW),
        (LATELY, NOW - HOUR - CLOCK_SKEW),
        (ENDED, NOW - HOUR + CLOCK_SKEW),
        (LONG_AGO, NOW - REPORTED_WITHIN),
    ],
)
def test_a_use_within_the_period_is_taken(period: Period, at: datetime) -> None:
    assert refusal_of(period.check, [use_at(at)], NOW) is None


@pytest.mark.parametrize(
    ("period", "at", "refusal"),
    [
        (LATELY, NOW + CLOCK_SKEW + SECOND, UseInTheFuture),
        (LATELY, NOW - HOUR - CLOCK_SKEW - SECOND, UseOutsidePeriod),
        (ENDED, NOW - HOUR + CLOCK_SKEW + SECOND, UseOutsidePeriod),
        (LONG_AGO, NOW - REPORTED_WITHIN - SECOND, UseTooOld),
    ],
)
def test_any_other_is_refused_and_which_one_is_told(
    period: Period, at: datetime, refusal: type[UseRefused]
) -> None:
    good = use_at(NOW - HOUR)
    with pytest.raises(refusal) as refused:
        period.check([good, good, use_at(at)], NOW)
    assert refused.value.index == 2
