"""When something can have been done with a grant. Pure: the moment is passed as `at`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from idp.grants.errors import UseInTheFuture, UseOutsidePeriod, UseTooOld
from idp.grants.use_models import Action

CLOCK_SKEW = timedelta(seconds=60)  # an application's clock may be that far off
REPORTED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Use:
    """Something that the grantee did, as the application tells it."""

    reference: str  # the application's own
    at: datetime
    action: Action
    description: str
    installation: str = ""  # code; empty: the access as a whole
    distributor: str = ""  # empty: any


@dataclass(frozen=True, slots=True)
class Period:
    """When there can have been uses."""

    since: datetime
    until: datetime | None  # None: it goes on

    def check(self, uses: Sequence[Use], at: datetime) -> None:
        """Raises `UseInTheFuture`, `UseTooOld` or `UseOutsidePeriod` for the first that doesn't
        fit. The end of the grant is no bound: what was done after it is for the holder to know."""
        for index, use in enumerate(uses):
            if use.at > at + CLOCK_SKEW:
                raise UseInTheFuture(index)
            if use.at < at - REPORTED_WITHIN:
                raise UseTooOld(index)
            if use.at < self.since - CLOCK_SKEW:
                raise UseOutsidePeriod(index)
            if self.until is not None and use.at > self.until + CLOCK_SKEW:
                raise UseOutsidePeriod(index)
