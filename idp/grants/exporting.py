"""Access that a person gave and received, and what was done with it, for the export of their data.

It holds what the pages show them: other people by name, their tax ids masked.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from idp.accounts.data.exporting import Field, Section, hidden_unless, streamed
from idp.accounts.models import Account
from idp.grants import ledger
from idp.grants.labels import LEVELS, ROLES, STATES, USES
from idp.grants.ledger import Side
from idp.grants.models import Extent, Grant, GrantInstallation, State
from idp.grants.use_models import GrantUse
from idp.registry.models import Holder, Installation

EXTENTS = {
    Extent.CHOSEN: _("Chosen installations"),
    Extent.EVERYTHING: _("All installations, also future ones"),
}


def _given(account: Account, at: datetime) -> Iterator[Sequence[Any]]:
    return _grants(account, Side.GIVEN, at)


def _received(account: Account, at: datetime) -> Iterator[Sequence[Any]]:
    return _grants(account, Side.RECEIVED, at)


def _grants(account: Account, side: Side, at: datetime) -> Iterator[Sequence[Any]]:
    """One row a grant, with the people of the links above it, from the holder down."""
    grantee, giver = aliased(Account), aliased(Account)
    state = case(
        ((Grant.state == State.ACTIVE) & (Grant.expires_at <= at), State.EXPIRED.value),
        else_=Grant.state,
    )
    numbers = func.coalesce(grantee.tax_id, grantee.former_tax_id)
    query = (
        _own(account, side, at)
        .join(Holder, Holder.tax_id == Grant.holder_tax_id)
        .join(grantee, grantee.id == Grant.grantee_id)
        .outerjoin(giver, giver.id == Grant.granted_by_id)
        .with_only_columns(
            *(Grant.public_id, Holder.name, Grant.holder_tax_id, giver.name, grantee.name),
            *(numbers, _people_above(), Grant.relation, Grant.level, Grant.extent),
            *(Grant.installation_count, state, Grant.created_at),
            *(Grant.expires_at, Grant.ended_at),
            maintain_column_froms=True,
        )
    )
    for number, holder, holder_id, given_by, name, person_id, *rest in streamed(query):
        numbers_shown = [
            each and hidden_unless(account.tax_id, each) for each in (holder_id, person_id)
        ]
        yield number, holder, numbers_shown[0], given_by, name, numbers_shown[1], *rest


def _own(account: Account, side: Side, at: datetime) -> Select[Any]:
    """Those that the person's own lists show."""
    query = ledger.matching(account, side, standing=None, typed="", at=at)
    return query.order_by(Grant.id)


def _people_above() -> Any:
    link, person = aliased(Grant), aliased(Account)
    names = (
        select(person.name)
        .join(link, link.grantee_id == person.id)
        .where(link.id == func.any(Grant.ancestors))
        .order_by(func.array_position(Grant.ancestors, link.id))
        .correlate(Grant)
    )
    return func.array(names.scalar_subquery())


def _installations(account: Account, at: datetime) -> Iterator[Sequence[Any]]:
    """What those name, one by one; of everything, the exceptions."""
    row = GrantInstallation
    for side in Side:
        query = (
            _own(account, side, at)
            .join(row, row.grant_id == Grant.id)
            .join(Installation, Installation.id == row.installation_id)
            .with_only_columns(
                *(Grant.public_id, Installation.distributor, Installation.code, row.ended_at),
                maintain_column_froms=True,
            )
            .order_by(row.installation_id)
        )
        yield from streamed(query)


def _uses_of_others(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    return _uses(GrantUse.holder_tax_id == account.tax_id)


def _uses_of_oneself(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    return _uses(Grant.grantee_id == account.id)


def _uses(condition: Any) -> Iterator[Sequence[Any]]:
    use = GrantUse
    return streamed(
        select(
            *(use.at, Grant.public_id, Account.name, use.client_name, use.action),
            *(use.description, use.distributor, use.installation_code),
            *(use.was_allowed, use.reported_at),
        )
        .join(Grant, Grant.id == use.grant_id)
        .join(Account, Account.id == Grant.grantee_id)
        .where(condition)
        .order_by(use.at, use.id)
    )


GRANT = (
    Field("grant", _("Number")),
    Field("holder_name", _("Holder")),
    Field("holder_tax_id", _("Tax id of the holder")),
    Field("given_by", _("Given by")),
    Field("person", _("Who has access")),
    Field("person_tax_id", _("Tax id of that person")),
    Field("through", _("Acts through")),
    Field("relation", _("Acts as"), ROLES),
    Field("level", _("Allowed"), LEVELS),
    Field("extent", _("Covers"), EXTENTS),
    Field("installation_count", _("Installations")),
    Field("state", _("State"), STATES),
    Field("created_at", _("Since")),
    Field("expires_at", _("Until")),
    Field("ended_at", _("Ended")),
)
USE = (
    Field("at", _("When")),
    Field("grant", _("Access")),
    Field("person", _("Who")),
    Field("application", _("Through")),
    Field("action", _("What"), USES),
    Field("description", _("In the words of the application")),
    Field("distributor", _("Distributor")),
    Field("installation_code", _("Installation")),
    Field("was_allowed", _("It was allowed")),
    Field("reported_at", _("Told to us")),
)
GIVEN = Section("grants_given", _("Access that you gave"), GRANT, _given)
RECEIVED = Section("grants_received", _("Access that you received"), GRANT, _received)
INSTALLATIONS = Section(
    name="grant_installations",
    title=_("Installations of the access given and received"),
    about=_("Of access to all installations, those that were taken out."),
    fields=(
        Field("grant", _("Access")),
        Field("distributor", _("Distributor")),
        Field("code", _("Code")),
        Field("ended_at", _("Ended")),
    ),
    rows=_installations,
)
USES_OF_OTHERS = Section(
    "uses_of_your_installations", _("What others did with your installations"), USE, _uses_of_others
)
USES_OF_ONESELF = Section(
    "uses_by_you", _("What you did with access that you received"), USE, _uses_of_oneself
)
