"""What the parties of a grant are told by mail: one mail each, whatever the number of rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import acting, chain
from idp.grants.coverage import covered_by
from idp.grants.models import Extent, Grant
from idp.mail import notify
from idp.registry.models import Installation

# Who or what brought the change about, in the words of the templates: `giver` gave a link below
# the holder's, or stands higher; `above` is the end of the link above.
Cause = Literal["holder", "giver", "grantee", "staff", "system", "above"]
SHOWN = 10  # installations named in a mail; the page of the grant lists all of them


@dataclass(frozen=True, slots=True)
class Concerned:
    """The installations that a change is about."""

    count: int
    codes: list[str]  # in order; of many the first few


def all_of(grant: Grant) -> Concerned:
    """Whatever the grant covers."""
    return Concerned(count_of(grant), first_codes(grant))


def tell_parties(
    template: str, grant: Grant, concerned: Concerned, *, cause: Cause, at: datetime
) -> None:
    """Queue `template` for who gave the grant, if anybody did, and for the grantee."""
    giver = grant.granted_by
    side = "holder" if grant.parent_id is None else "giver"
    givers = [(side, account) for account in _givers(grant, at)]
    for audience, account in [*givers, ("grantee", grant.grantee)]:
        notify(
            template,
            to=account.recipient,
            audience=audience,
            cause=cause,
            grant_id=grant.public_id,
            holder_name=grant.holder.name,
            giver_name=giver.name if giver and grant.parent_id else "",
            grantee_name=grant.grantee.name,
            level=grant.level.value,
            codes=concerned.codes[:SHOWN],
            count=concerned.count,
            remaining=count_of(grant),
        )


def _givers(grant: Grant, at: datetime) -> list[Account]:
    """Who gave it; those on the holder's side where the giver speaks for the holder no more."""
    giver, holder = grant.granted_by, grant.holder_tax_id
    if giver is None:
        return []
    if grant.parent_id is not None or acting.acts_for(giver, holder, at):
        return [giver]
    return acting.who_acts_for(holder, at)


def count_of(grant: Grant) -> int:
    """How many installations the grant covers, from counters."""
    if grant.extent is Extent.CHOSEN:
        return grant.installation_count
    excepted = sum(link.excepted_count for link in chain.links_of(grant))
    return max(grant.holder.installation_count - excepted, 0)


def first_codes(grant: Grant) -> list[str]:
    """The codes of the first few installations that the grant covers, for a mail."""
    return list(
        db.session.scalars(
            select(Installation.code)
            .where(*covered_by(grant))
            .order_by(Installation.id)
            .limit(SHOWN)
        )
    )
