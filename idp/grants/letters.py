"""What the parties of a grant are told by mail: one mail each, whatever the number of rows."""

from typing import Literal

from sqlalchemy import select

from idp.extensions import db
from idp.grants.models import Grant, GrantInstallation
from idp.mail import notify
from idp.registry.models import Installation

# Who or what brought the change about, in the words of the templates.
Cause = Literal["holder", "grantee", "staff", "system"]
SHOWN = 10  # installations named in a mail; the page of the grant lists all of them


def tell_parties(
    template: str, grant: Grant, *, cause: Cause, codes: list[str], count: int
) -> None:
    """Queue `template` for the holder's side and for the grantee.

    `codes` are the installations to name, `count` how many are concerned in all.
    """
    for audience, account in (("holder", grant.granted_by), ("grantee", grant.grantee)):
        notify(
            template,
            to=account.recipient,
            audience=audience,
            cause=cause,
            grant_id=grant.public_id,
            holder_name=grant.holder.name,
            grantee_name=grant.grantee.name,
            codes=codes[:SHOWN],
            count=count,
            remaining=grant.installation_count,
        )


def first_codes(grant: Grant) -> list[str]:
    """The codes of the first few installations that the grant covers, for a mail."""
    return list(
        db.session.scalars(
            select(Installation.code)
            .join(GrantInstallation, GrantInstallation.installation_id == Installation.id)
            .where(GrantInstallation.grant_id == grant.id, GrantInstallation.ended_at.is_(None))
            .order_by(GrantInstallation.installation_id)
            .limit(SHOWN)
        )
    )
