"""Uses of grants, recorded the way an application's report is."""

import itertools
from datetime import datetime

from idp import clock
from idp.extensions import db
from idp.grants import uses
from idp.grants.models import Grant
from idp.grants.use_models import Action
from idp.grants.use_rules import Period, Use
from idp.grants.uses import Reporter
from idp.registry.models import Installation

_numbers = itertools.count(1)


def a_use(
    grant: Grant,
    installation: Installation | None = None,
    description: str = "Paid the bill of October",
    *,
    action: Action = Action.WRITE,
    at: datetime | None = None,
    client_name: str = "Segunda via",
) -> None:
    """Something done with `grant`, by default now and on no installation; committed."""
    now = clock.now()
    use = Use(
        reference=f"use-{next(_numbers)}",
        at=at or now,
        action=action,
        description=description,
        installation=installation.code if installation else "",
    )
    reporter = Reporter("segunda-via", client_name)
    uses.record(grant.id, Period(grant.created_at, None), [use], by=reporter, at=now)
    db.session.commit()
